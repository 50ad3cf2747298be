import type { Database, Statement } from 'better-sqlite3';
import type { ReviewState, TextStep, UndoState } from '../../../../common/contract';
import { fromJson, now } from '../columns';
import type { Geometry } from './ground-truth';

/** What a step puts in place, in either direction. */
export type StoredChange =
  | ({ kind: 'ground-truth'; referentId: number; runId: number | null } & Geometry)
  | { kind: 'text'; expressionId: number; text: string }
  | { kind: 'failure-label'; expressionId: number; label: string | null }
  | { kind: 'review-state'; expressionId: number; state: ReviewState }
  | { kind: 'note'; expressionId: number; note: string }
  | { kind: 'link'; expressionId: number; referentId: number | null }
  /** Whether a referent is an object of its image. */
  | { kind: 'object'; referentId: number; exists: boolean }
  /** null: there is no such expression. */
  | { kind: 'expression'; expressionId: number; row: AddedExpression | null }
  | { kind: 'several'; changes: StoredChange[] };

/** An expression that a person added, as it is made again by redo. */
export interface AddedExpression {
  imageId: number;
  referentId: number | null;
  key: string;
  text: string;
}

export interface CorrectionStep {
  id: number;
  label: string;
  before: StoredChange;
  after: StoredChange;
}

interface StepRow {
  id: number;
  label: string;
  before: string;
  after: string;
}

/** The undo stack of each image: steps that are done, and above them those that were undone. */
export class CorrectionsRepository {
  readonly #database: Database;
  readonly #dropUndone: Statement;
  readonly #insert: Statement;
  readonly #lastDone: Statement;
  readonly #firstUndone: Statement;
  readonly #mark: Statement;
  readonly #imageOf: Statement;
  readonly #undone: Statement;
  readonly #rewrite: Statement;
  readonly #texts: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#dropUndone = database.prepare('DELETE FROM correction_steps WHERE image_id = ? AND undone = 1');
    this.#insert = database.prepare(
      `INSERT INTO correction_steps (image_id, label, before, after, author, made_at) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#lastDone = database.prepare(
      'SELECT * FROM correction_steps WHERE image_id = ? AND undone = 0 ORDER BY id DESC LIMIT 1',
    );
    this.#firstUndone = database.prepare(
      'SELECT * FROM correction_steps WHERE image_id = ? AND undone = 1 ORDER BY id LIMIT 1',
    );
    this.#imageOf = database.prepare('SELECT image_id FROM correction_steps WHERE id = ?').pluck();
    this.#undone = database.prepare('SELECT * FROM correction_steps WHERE image_id = ? AND undone = 1');
    this.#rewrite = database.prepare('UPDATE correction_steps SET before = ?, after = ? WHERE id = ?');
    // The kind comes first: of steps with masks, no more than that is read.
    this.#texts = database.prepare(
      `SELECT correction_steps.id AS stepId, label, before ->> '$.text' AS before, after ->> '$.text' AS after,
         author, made_at AS savedAt
       FROM expressions CROSS JOIN correction_steps ON correction_steps.image_id = expressions.image_id
       WHERE expressions.id = @expressionId AND undone = 0 AND substr(after, 1, 14) = '{"kind":"text"'
         AND after ->> '$.expressionId' = @expressionId
       ORDER BY correction_steps.id DESC`,
    );
    this.#mark = database.prepare('UPDATE correction_steps SET undone = ? WHERE id = ?');
  }

  /** Puts a step on top of the stack; what was undone before can no longer be redone. Returns its id. */
  push(imageId: number, step: Omit<CorrectionStep, 'id'>, author: string): number {
    this.#dropUndone.run(imageId);
    const { lastInsertRowid } = this.#insert.run(
      imageId,
      step.label,
      JSON.stringify(step.before),
      JSON.stringify(step.after),
      author,
      now(),
    );
    return Number(lastInsertRowid);
  }

  /** The image on whose stack the step is; null: it is on none any more. */
  imageOf(stepId: number): number | null {
    return (this.#imageOf.get(stepId) as number | undefined) ?? null;
  }

  /** Of a change of many that is under way: taken back at the next start, where it was cut off before `finish`. */
  begin(stepIds: readonly number[]): void {
    this.#database
      .prepare(
        `INSERT INTO unfinished_steps SELECT id FROM correction_steps
         WHERE id IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING`,
      )
      .run(JSON.stringify(stepIds));
  }

  finish(stepIds: readonly number[]): void {
    this.#database
      .prepare('DELETE FROM unfinished_steps WHERE step_id IN (SELECT value FROM json_each(?))')
      .run(JSON.stringify(stepIds));
  }

  unfinished(): number[] {
    return this.#database.prepare('SELECT step_id FROM unfinished_steps').pluck().all() as number[];
  }

  /** Takes a step off the stack, as if it had never been made. */
  drop(stepId: number): void {
    this.#database.prepare('DELETE FROM correction_steps WHERE id = ?').run(stepId);
  }

  /** The step that undo takes back. */
  toUndo(imageId: number): CorrectionStep | null {
    return toStep(this.#lastDone.get(imageId) as StepRow | undefined);
  }

  /** The step that redo makes again. */
  toRedo(imageId: number): CorrectionStep | null {
    return toStep(this.#firstUndone.get(imageId) as StepRow | undefined);
  }

  mark(stepId: number, undone: boolean): void {
    this.#mark.run(undone ? 1 : 0, stepId);
  }

  /** Changes what the image's undone steps would put in place. Call inside a transaction. */
  rewriteUndone(imageId: number, rewrite: (change: StoredChange) => StoredChange): void {
    for (const row of this.#undone.all(imageId) as StepRow[]) {
      const [before, after] = [row.before, row.after].map((text) =>
        JSON.stringify(rewrite(fromJson<StoredChange>(text))),
      );
      this.#rewrite.run(before, after, row.id);
    }
  }

  /** Steps that changed an expression's text and are not undone, newest first. */
  texts(expressionId: number): TextStep[] {
    const rows = this.#texts.all({ expressionId }) as Omit<TextStep, 'expressionId'>[];
    return rows.map((row) => ({ ...row, expressionId }));
  }

  state(imageId: number): UndoState {
    return { undo: this.toUndo(imageId)?.label ?? null, redo: this.toRedo(imageId)?.label ?? null };
  }
}

function toStep(row: StepRow | undefined): CorrectionStep | null {
  if (!row) return null;
  return { id: row.id, label: row.label, before: fromJson(row.before), after: fromJson(row.after) };
}

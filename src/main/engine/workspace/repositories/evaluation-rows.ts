/** Reads what evaluation and reports work on. All that is ever written is what newer rules of measuring give. */
import type { Database, Statement } from 'better-sqlite3';
import type { StageTiming } from '../../../../common/contract';
import type { Size } from '../../../../common/geometry/types';
import type {
  AnswerDetail,
  EvaluationSnapshot,
  EvaluationSource,
  ExpressionAnswers,
  RowSelection,
} from '../../evaluation/rows';
import { boxFromColumns, fromJson, maskFromColumn, type BoxColumns } from '../columns';
import { inSelection, referentAt, truthDiffersSince, truthRevisionOf } from '../revision-sql';
import { openSnapshot } from './evaluation-snapshot';
import { PredictionsRepository } from './predictions';
import { TruthReader } from './truth-reader';

interface PredictionRow extends BoxColumns {
  mask_counts: string | null;
  score: number | null;
  missing_reason: string;
  timings: string;
}

interface DetailRow {
  id: number;
  referent_id: number;
  original_referent_id: number | null;
  image_id: number;
  kind: string;
  category: string;
  split: string;
  width: number;
  height: number;
  /** Revision that stood at the wanted one. */
  truth_revision: number;
  key: string;
  text: string;
  image_key: string;
  file: string;
  referent_key: string;
  review_state: string;
  failure_label: string | null;
  note: string;
}

export class EvaluationRowsRepository implements EvaluationSource {
  readonly #database: Database;
  readonly #predictions: PredictionsRepository;
  readonly #truths: TruthReader;
  readonly #answer: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#predictions = new PredictionsRepository(database);
    this.#truths = new TruthReader(database);
    this.#answer = database.prepare(
      'SELECT * FROM predictions WHERE run_id = ? AND expression_id = ? AND answered_text = ?',
    );
  }

  dataset(datasetId: number): { id: number; name: string; contentHash: string } | null {
    const row = this.#database
      .prepare('SELECT id, name, content_hash AS contentHash FROM datasets WHERE id = ?')
      .get(datasetId);
    return (row as { id: number; name: string; contentHash: string } | undefined) ?? null;
  }

  splits(datasetId: number): string[] {
    return this.#database
      .prepare('SELECT DISTINCT split FROM expressions WHERE dataset_id = ? ORDER BY split')
      .pluck()
      .all(datasetId) as string[];
  }

  changes(): number {
    return this.#database.prepare('SELECT total_changes()').pluck().get() as number;
  }

  revision(): number {
    return this.#database.prepare('SELECT revision FROM state').pluck().get() as number;
  }

  truthsChangedSince({ datasetId, split, revision }: RowSelection, since: number): number {
    return this.#database
      .prepare(
        `SELECT count(*) FROM expressions
         WHERE ${inSelection} AND expressions.added_revision <= @since AND ${truthDiffersSince('@since')}`,
      )
      .pluck()
      .get({ datasetId, split, revision, since }) as number;
  }

  snapshot(): EvaluationSnapshot {
    return openSnapshot(this.#database);
  }

  measureByNewRules(runIds: readonly number[]): void {
    // A workspace that may not be written is measured anew each time.
    if (!this.#database.readonly) this.#predictions.measureByNewRules(runIds);
  }

  answers({ runs, revision, original }: RowSelection, expressionIds: readonly number[]): ExpressionAnswers[] {
    const select = this.#database.prepare(
      `SELECT expressions.id, expressions.key, iif(@original, original_text, text) AS text, expressions.kind,
         expressions.category, expressions.split, referents.id AS referent_id, expressions.image_id,
         ${referentAt('0')} AS original_referent_id,
         expressions.review_state, expressions.failure_label, expressions.note, images.key AS image_key, images.file,
         images.width, images.height, referents.key AS referent_key,
         ${truthRevisionOf('referents.id')} AS truth_revision
       FROM expressions
       JOIN images ON images.id = expressions.image_id
       JOIN referents ON referents.id = ${referentAt()}
       WHERE expressions.id = @expressionId`,
    );
    return expressionIds.flatMap((expressionId) => {
      const row = select.get({ expressionId, revision, original: Number(original) }) as DetailRow | undefined;
      return row ? [this.#answersOf(row, runs)] : [];
    });
  }

  #answersOf(row: DetailRow, runs: RowSelection['runs']): ExpressionAnswers {
    const imageSize = { width: row.width, height: row.height };
    const original = this.#truths.at(row.original_referent_id ?? 0, 0, imageSize);
    const truth = this.#truths.at(row.referent_id, row.truth_revision, imageSize);
    return {
      expressionId: row.id,
      expressionKey: row.key,
      text: row.text,
      kind: row.kind,
      category: row.category,
      split: row.split,
      imageId: row.image_id,
      imageKey: row.image_key,
      imageFile: row.file,
      imageSize,
      referentKey: row.referent_key,
      truth,
      corrected: JSON.stringify(original) !== JSON.stringify(truth),
      reviewState: row.review_state,
      failureLabel: row.failure_label,
      note: row.note,
      answers: runs.map((run) => this.#answerOf(run.id, row.id, row.text, imageSize)),
    };
  }

  #answerOf(runId: number, expressionId: number, text: string, imageSize: Size): AnswerDetail {
    const row = this.#answer.get(runId, expressionId, text) as PredictionRow | undefined;
    const timings = row ? fromJson<StageTiming[]>(row.timings) : null;
    return {
      runId,
      predicted: row !== undefined,
      box: row ? boxFromColumns(row) : null,
      mask: row ? maskFromColumn(row.mask_counts, imageSize) : null,
      score: row?.score ?? null,
      missingReason: row?.missing_reason ?? '',
      milliseconds: timings && timings.reduce((sum, stage) => sum + stage.milliseconds, 0),
    };
  }
}

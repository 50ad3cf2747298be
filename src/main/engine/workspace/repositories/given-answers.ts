import type { Database, Statement } from 'better-sqlite3';
import type { ImageBox, RunLengthMask, Size } from '../../../../common/geometry/types';
import { boxFromColumns, maskFromColumn, type BoxColumns } from '../columns';

/** An expression that another method's answer may mean. */
export interface AnsweredExpression {
  id: number;
  text: string;
  image: Size;
}

export interface WrittenAnswer {
  expressionKey: string;
  referentKey: string | null;
  imageKey: string;
  category: string;
  text: string;
  box: ImageBox | null;
  mask: RunLengthMask | null;
  score: number | null;
}

type ExpressionCells = [key: string, id: number, text: string, width: number, height: number];

interface ExpressionRow extends Size {
  id: number;
  text: string;
}

interface AnswerRow extends BoxColumns, Size {
  expression_key: string;
  referent_key: string | null;
  image_key: string;
  category: string;
  text: string;
  mask_counts: string | null;
  score: number | null;
}

/** Finds what answers from elsewhere mean, and gives the workbench's own for elsewhere. */
export class GivenAnswersRepository {
  readonly #byKeys: Statement;
  readonly #byReferent: Statement;
  readonly #answers: Statement;

  constructor(database: Database) {
    this.#byKeys = database
      .prepare(
        `SELECT expressions.key, expressions.id, text, width, height
         FROM json_each(?) AS wanted
           CROSS JOIN expressions ON expressions.dataset_id = ? AND expressions.key = wanted.value
           CROSS JOIN images ON images.id = image_id`,
      )
      .raw();
    this.#byReferent = database.prepare(
      `SELECT expressions.id, expressions.text, width, height
       FROM expressions
         JOIN images ON images.id = expressions.image_id
         JOIN referents ON referents.id = expressions.referent_id
       WHERE expressions.dataset_id = ? AND referents.key = ? ORDER BY expressions.id`,
    );
    this.#answers = database.prepare(
      `SELECT expressions.key AS expression_key, referents.key AS referent_key, images.key AS image_key,
         expressions.category, expressions.text, predictions.box_x, predictions.box_y, predictions.box_width,
         predictions.box_height, predictions.mask_counts, predictions.score, images.width, images.height
       FROM predictions JOIN expressions ON expressions.id = predictions.expression_id
         JOIN images ON images.id = expressions.image_id
         LEFT JOIN referents ON referents.id = expressions.referent_id
       WHERE run_id = ? AND answered_text = expressions.text ORDER BY expressions.id`,
    );
  }

  /** Those of these keys that the dataset has. */
  expressions(datasetId: number, keys: readonly string[]): Map<string, AnsweredExpression> {
    const cells = this.#byKeys.all(JSON.stringify(keys), datasetId) as ExpressionCells[];
    return new Map(
      cells.map(([key, id, text, width, height]) => [key, { id, text, image: { width, height } }]),
    );
  }

  expressionsOf(datasetId: number, referentKey: string): AnsweredExpression[] {
    return (this.#byReferent.all(datasetId, referentKey) as ExpressionRow[]).map(expressionOf);
  }

  /** Of a run, those that answer the expression as it reads now. */
  answersOf(runId: number): WrittenAnswer[] {
    return (this.#answers.all(runId) as AnswerRow[]).map((row) => ({
      expressionKey: row.expression_key,
      referentKey: row.referent_key,
      imageKey: row.image_key,
      category: row.category,
      text: row.text,
      box: boxFromColumns(row),
      mask: maskFromColumn(row.mask_counts, row),
      score: row.score,
    }));
  }
}

function expressionOf({ id, text, width, height }: ExpressionRow): AnsweredExpression {
  return { id, text, image: { width, height } };
}

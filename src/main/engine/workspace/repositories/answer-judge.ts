/** Keeps what each prediction's type is in step with the ground truth of its image. */
import type { Database, Statement } from 'better-sqlite3';
import type { ImageBox } from '../../../../common/geometry/types';
import type { AnnotatedObject } from '../../evaluation/facts';
import { answerType, answerTypeCodes, judgeVersion } from '../../evaluation/judge';
import { boxFromColumns, type BoxColumns } from '../columns';
import type { ImageTruths } from './image-truths';

interface AnswerRow extends BoxColumns {
  id: number;
  expression_id: number;
  referent_id: number | null;
  category: string;
  iou: number | null;
  answered_text: string;
  answer_type: number;
}

/** What an expression asks for. */
export interface Asked {
  /** null: nothing is meant. */
  referentId: number | null;
  category: string;
}

interface JudgedText {
  text: string;
  box: ImageBox | null;
  iou: number | null;
}

export class AnswerJudge {
  readonly #database: Database;
  readonly #truths: ImageTruths;
  readonly #imageOfExpression: Statement;
  readonly #answers: Statement;
  readonly #setType: Statement;
  readonly #imageOf: Statement;
  readonly #imagesWithAnswers: Statement;

  constructor(database: Database, truths: ImageTruths) {
    this.#database = database;
    this.#truths = truths;
    this.#imageOfExpression = database.prepare('SELECT image_id FROM expressions WHERE id = ?').pluck();
    this.#answers = database.prepare(
      `SELECT predictions.id, expression_id, referent_id, category, iou, answered_text, answer_type,
         box_x, box_y, box_width, box_height
       FROM expressions CROSS JOIN predictions ON expression_id = expressions.id
       WHERE image_id = ?`,
    );
    this.#setType = database.prepare('UPDATE predictions SET answer_type = ? WHERE id = ?');
    this.#imageOf = database.prepare('SELECT image_id FROM referents WHERE id = ?').pluck();
    this.#imagesWithAnswers = database
      .prepare('SELECT DISTINCT image_id FROM predictions JOIN expressions ON expressions.id = expression_id')
      .pluck();
  }

  /** Judges all answers about the referent's image anew. */
  imageOf(referentId: number): void {
    const imageId = this.#imageOf.get(referentId) as number | undefined;
    if (imageId !== undefined) this.#judgeImage(imageId);
  }

  /** Judges all answers about the expression's image anew. */
  imageOfExpression(expressionId: number): void {
    this.#judgeImage(this.#imageOfExpression.get(expressionId) as number);
  }

  everythingByNewRules(): void {
    const judgedBy = this.#database.prepare('SELECT judged_by FROM state').pluck().get() as number;
    if (judgedBy >= judgeVersion) return;
    this.#database.transaction(() => {
      for (const imageId of this.#imagesWithAnswers.all() as number[]) this.#judgeImage(imageId);
      this.#database.prepare('UPDATE state SET judged_by = ?').run(judgeVersion);
    })();
  }

  #judgeImage(imageId: number): void {
    const { objects } = this.#truths.of(imageId);
    for (const row of this.#answers.all(imageId) as AnswerRow[]) {
      const { iou, answered_text: text, referent_id: referentId, category } = row;
      const type = judged({ text, iou, box: boxFromColumns(row) }, { referentId, category }, objects);
      if (type !== row.answer_type) this.#setType.run(type, row.id);
    }
  }
}

/** The stored number of an answer's type. */
export function judged(
  answer: JudgedText,
  { referentId, category }: Asked,
  objects: readonly AnnotatedObject[],
): number {
  const { text, box, iou } = answer;
  const truth = objects.find((object) => object.referentId === referentId)?.box ?? null;
  const others = objects.filter((object) => object.referentId !== referentId);
  return answerTypeCodes[answerType({ text, box, iou, truth, category, others })];
}

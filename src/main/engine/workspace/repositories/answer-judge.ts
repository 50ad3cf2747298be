/** Keeps what each prediction's type is in step with the ground truth of its image. */
import type { Database, Statement } from 'better-sqlite3';
import type { ImageBox } from '../../../../common/geometry/types';
import type { AnnotatedObject } from '../../evaluation/facts';
import { answerType, answerTypeCodes, judgeVersion } from '../../evaluation/judge';
import { boxFromColumns, type BoxColumns } from '../columns';

interface ObjectRow extends BoxColumns {
  id: number;
  category: string;
}

interface AnswerRow extends BoxColumns {
  id: number;
  expression_id: number;
  referent_id: number | null;
  category: string;
  iou: number | null;
  answered_text: string;
  answer_type: number;
}

interface Asked {
  referentId: number | null;
  category: string;
}

export class AnswerJudge {
  readonly #database: Database;
  readonly #expression: Statement;
  readonly #objects: Statement;
  readonly #answers: Statement;
  readonly #setType: Statement;
  readonly #imageOf: Statement;
  readonly #imagesWithAnswers: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#expression = database.prepare(
      'SELECT image_id AS imageId, referent_id AS referentId, category FROM expressions WHERE id = ?',
    );
    this.#objects = database.prepare(
      `SELECT referents.id, category, box_x, box_y, box_width, box_height
       FROM referents JOIN ground_truth ON referent_id = referents.id AND revision = current_revision
       WHERE image_id = ? AND box_x IS NOT NULL`,
    );
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

  /** The stored number of an answer's type, before the answer is stored. */
  typeOf(answer: { expressionId: number; text: string; box: ImageBox | null; iou: number | null }): number {
    const asked = this.#expression.get(answer.expressionId) as Asked & { imageId: number };
    return judged(answer, asked, this.#objectsOf(asked.imageId));
  }

  /** Judges all answers about the referent's image anew. */
  imageOf(referentId: number): void {
    const imageId = this.#imageOf.get(referentId) as number | undefined;
    if (imageId !== undefined) this.#judgeImage(imageId);
  }

  /** Judges all answers about the expression's image anew. */
  imageOfExpression(expressionId: number): void {
    const { imageId } = this.#expression.get(expressionId) as { imageId: number };
    this.#judgeImage(imageId);
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
    const objects = this.#objectsOf(imageId);
    for (const row of this.#answers.all(imageId) as AnswerRow[]) {
      const { iou, answered_text: text, referent_id: referentId, category } = row;
      const type = judged({ text, iou, box: boxFromColumns(row) }, { referentId, category }, objects);
      if (type !== row.answer_type) this.#setType.run(type, row.id);
    }
  }

  #objectsOf(imageId: number): AnnotatedObject[] {
    return (this.#objects.all(imageId) as ObjectRow[]).flatMap((row) => {
      const box = boxFromColumns(row);
      return box ? [{ referentId: row.id, category: row.category, box }] : [];
    });
  }
}

function judged(
  answer: { text: string; box: ImageBox | null; iou: number | null },
  { referentId, category }: Asked,
  objects: readonly AnnotatedObject[],
): number {
  const { text, box, iou } = answer;
  const truth = objects.find((object) => object.referentId === referentId)?.box ?? null;
  const others = objects.filter((object) => object.referentId !== referentId);
  return answerTypeCodes[answerType({ text, box, iou, truth, category, others })];
}

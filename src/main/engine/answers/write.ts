/** A run's answers as text: our JSON, a CSV, or COCO's results. */
import type { PredictionFormat, RunSummary } from '../../../common/contract';
import { csvLine } from '../datasets/csv';
import type { WrittenAnswer } from '../workspace/repositories/given-answers';

const boxOf = ({ box }: WrittenAnswer) => box && [box.x, box.y, box.width, box.height];

export function writtenAnswers(
  run: Pick<RunSummary, 'method' | 'packName' | 'packVersion' | 'packHash'>,
  answers: readonly WrittenAnswer[],
  format: PredictionFormat,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({
        format: 'grounding-predictions',
        version: 1,
        method: run.method,
        pack: { name: run.packName, version: run.packVersion, hash: run.packHash },
        predictions: answers.map((answer) => ({
          expression: answer.expressionKey,
          text: answer.text,
          box: boxOf(answer),
          score: answer.score,
          mask: answer.mask,
        })),
      })}\n`;
    case 'csv':
      return [
        csvLine(['expression', 'x', 'y', 'width', 'height', 'score']),
        ...answers.map((answer) =>
          csvLine([
            answer.expressionKey,
            ...(boxOf(answer) ?? ['', '', '', '']).map(String),
            answer.score === null ? '' : String(answer.score),
          ]),
        ),
      ].join('');
    case 'coco':
      // COCO's results hold no empty answers; keys that are numbers are written as numbers, as COCO wants them.
      return `${JSON.stringify(
        answers
          .filter(({ box }) => box !== null)
          .map((answer) => ({
            image_id: asNumber(answer.imageKey),
            category_id: 1,
            bbox: boxOf(answer),
            score: answer.score ?? 1,
            ...(answer.mask && { segmentation: answer.mask }),
            ...(answer.referentKey !== null && { annotation_id: asNumber(answer.referentKey) }),
            expression_id: asNumber(answer.expressionKey),
          })),
      )}\n`;
  }
}

function asNumber(key: string): string | number {
  return /^(?:0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key;
}

/** A run's answers as text: our JSON, a CSV, or COCO's results. */
import type { PredictionFormat, RunSummary } from '../../../common/contract';
import { csvLine } from '../datasets/csv';
import type { WrittenAnswer } from '../workspace/repositories/given-answers';

const boxOf = ({ box }: WrittenAnswer) => box && [box.x, box.y, box.width, box.height];

/** The file in pieces: an answer each, so that a large run's file is never whole in memory. */
export function* writtenAnswers(
  run: Pick<RunSummary, 'method' | 'packName' | 'packVersion' | 'packHash'>,
  answers: Iterable<WrittenAnswer>,
  format: PredictionFormat,
): Generator<string> {
  switch (format) {
    case 'json': {
      const pack = { name: run.packName, version: run.packVersion, hash: run.packHash };
      const head = JSON.stringify({ format: 'grounding-predictions', version: 1, method: run.method, pack });
      yield `${head.slice(0, -1)},"predictions":`;
      yield* list(answers, (answer) => ({
        expression: answer.expressionKey,
        text: answer.text,
        box: boxOf(answer),
        score: answer.score,
        mask: answer.mask,
      }));
      yield '}\n';
      return;
    }
    case 'csv':
      yield csvLine(['expression', 'x', 'y', 'width', 'height', 'score']);
      for (const answer of answers) {
        yield csvLine([
          answer.expressionKey,
          ...(boxOf(answer) ?? ['', '', '', '']).map(String),
          answer.score === null ? '' : String(answer.score),
        ]);
      }
      return;
    case 'coco':
      // COCO's results hold no empty answers; keys that are numbers are written as numbers, as COCO wants them.
      yield* list(answers, (answer) =>
        answer.box === null
          ? null
          : {
              image_id: asNumber(answer.imageKey),
              category_id: 1,
              bbox: boxOf(answer),
              score: answer.score ?? 1,
              ...(answer.mask && { segmentation: answer.mask }),
              ...(answer.referentKey !== null && { annotation_id: asNumber(answer.referentKey) }),
              expression_id: asNumber(answer.expressionKey),
            },
      );
      yield '\n';
  }
}

/** A JSON list of what is made of each answer; null leaves it out. */
function* list(
  answers: Iterable<WrittenAnswer>,
  make: (answer: WrittenAnswer) => Record<string, unknown> | null,
): Generator<string> {
  let before = '[';
  for (const answer of answers) {
    const item = make(answer);
    if (item === null) continue;
    yield `${before}${JSON.stringify(item)}`;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

function asNumber(key: string): string | number {
  return /^(?:0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key;
}

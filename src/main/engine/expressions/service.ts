/** The contract's `expressions`: one expression with all that is known about it, and free questions on an image. */
import type {
  contract,
  DomainService,
  ExpressionDetail,
  GroundTruth,
  MeasuredPrediction,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { sameGeometry } from '../corrections/geometry-rule';
import { verdictOf, type WithinReach } from '../evaluation/errors';
import type { Workspace } from '../workspace/open';
import type { AnswerQuestion } from './answer-question';
import { createPixels, type PixelsParts } from './pixels';
import { createSegment, type SegmentParts } from './segment';

export interface ExpressionsServiceParts extends SegmentParts, PixelsParts {
  workspace: Workspace;
  answerQuestion: AnswerQuestion;
}

export function createExpressionsService(
  parts: ExpressionsServiceParts,
): DomainService<typeof contract.expressions> {
  const { corrections, expressions, failures, groundTruth, predictions } = parts.workspace.repositories;

  function groundTruthOf(referentId: number): GroundTruth | null {
    const truth = groundTruth.of(referentId);
    if (!truth) return null;
    const { category, box, mask, revision, original } = truth;
    return {
      referentId,
      category,
      box,
      mask,
      revision,
      corrected: !sameGeometry(truth, original),
      originalBox: original.box,
      originalMask: original.mask,
    };
  }

  return {
    get({ expressionId, runIds }): ExpressionDetail {
      const expression = expressions.get(expressionId);
      const image = expression && expressions.image(expression.imageId);
      if (!expression || !image) {
        throw new WorkbenchError('not-found', `There is no expression ${expressionId}.`);
      }
      const { id, text, originalText, kind, attributes, imageId, referentId } = expression;
      const truth = referentId === null ? null : groundTruthOf(referentId);
      const otherObjects = expressions
        .objectsOfImage(imageId)
        .filter((other) => other.referentId !== referentId);
      const others = otherObjects.flatMap(({ box, ...object }) => (box ? [{ ...object, box }] : []));
      const judge = ({ box, iou }: Pick<MeasuredPrediction, 'box' | 'iou'>, reach: WithinReach) => {
        if (!truth?.box || iou === null) return null;
        const mistake = {
          box,
          iou,
          right: iou >= 0.5,
          truth: truth.box,
          category: truth.category,
          text,
          others,
        };
        return verdictOf(mistake, reach);
      };
      return {
        id,
        text,
        originalText,
        kind,
        attributes,
        image: image.info,
        groundTruth: truth,
        otherObjects,
        siblings: expressions.ofImage(imageId),
        added: expression.added,
        reviewState: expression.reviewState,
        note: expression.note,
        failureLabel: expression.failureLabel,
        predictions: predictions
          .ofExpression(id, runIds)
          .map(({ attainableIou, pointInside, ...answer }) => ({
            ...answer,
            verdict: judge(answer, { method: answer.method, attainableIou, pointInside }),
          })),
        failures: failures.ofExpression(id, runIds),
        undoState: corrections.state(imageId),
      };
    },
    ask: async ({ imageId, text, methods, packId }) =>
      parts.answerQuestion(await parts.decode(imageId), text, methods, packId),
    pixels: createPixels(parts),
    segment: createSegment(parts),
  };
}

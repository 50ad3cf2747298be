/** The contract's `expressions`: one expression with all that is known about it, and free questions on an image. */
import type {
  Answer,
  contract,
  DomainService,
  ExpressionDetail,
  GroundTruth,
  MeasuredPrediction,
  OwnMethodId,
} from '../../../common/contract';
import { toErrorValue, WorkbenchError } from '../../../common/errors';
import { sameGeometry } from '../corrections/geometry-rule';
import type { Logger } from '../context';
import { verdictOf, type WithinReach } from '../evaluation/errors';
import type { DecodedImage } from '../imaging/image';
import type { Method } from '../methods/method';
import type { Workspace } from '../workspace/open';
import { createSegment, type SegmentParts } from './segment';

export interface ExpressionsServiceParts extends SegmentParts {
  workspace: Workspace;
  method(packId: string, methodId: OwnMethodId): Promise<Method>;
  log: Logger;
}

export function createExpressionsService(
  parts: ExpressionsServiceParts,
): DomainService<typeof contract.expressions> {
  const { corrections, expressions, groundTruth, predictions } = parts.workspace.repositories;

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

  async function answer(
    image: DecodedImage,
    text: string,
    methodId: OwnMethodId,
    packId: string,
  ): Promise<Answer> {
    try {
      const method = await parts.method(packId, methodId);
      const startedAt = performance.now();
      const state = await method.prepare(image);
      const prediction = await method.ground(state, text);
      return { method: methodId, ok: true, prediction, milliseconds: performance.now() - startedAt };
    } catch (error) {
      // One method that fails does not keep the others from answering.
      const { message, hint } = toErrorValue(error, parts.log.error(`${methodId} could not answer`, error));
      return { method: methodId, ok: false, message, hint };
    }
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
        undoState: corrections.state(imageId),
      };
    },
    async ask({ imageId, text, methods, packId }) {
      const image = await parts.decode(imageId);
      const pack = packId ?? parts.defaultPackId();
      const answers: Answer[] = [];
      // One after the other: each wants all cores.
      for (const methodId of new Set(methods)) answers.push(await answer(image, text, methodId, pack));
      return answers;
    },
    segment: createSegment(parts),
  };
}

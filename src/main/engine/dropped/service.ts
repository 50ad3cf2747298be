/** The contract's `dropped`: an image that belongs to no dataset, asked about and, if wanted, added. */
import type { contract, CorrectionResult, DomainService } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { AnswerQuestion } from '../expressions/answer-question';
import { encodeJpeg } from '../imaging/encode';
import { addedImages } from '../workspace/added-images';
import type { Workspace } from '../workspace/open';
import type { HeldImages } from './held-images';
import { keepPicture, ownImage } from './own-dataset';

export interface DroppedServiceParts {
  workspace: Workspace;
  held: HeldImages;
  answerQuestion: AnswerQuestion;
  corrections: Pick<DomainService<typeof contract.corrections>, 'apply'>;
}

/** The window shows nothing larger. */
const longestShownSide = 4_096;

export function createDroppedService(parts: DroppedServiceParts): DomainService<typeof contract.dropped> {
  const { workspace, held } = parts;

  return {
    async hold({ name, bytes }) {
      const { heldId, image } = await held.hold(name, bytes);
      const picture = new Uint8Array(await encodeJpeg(image, longestShownSide));
      return { heldId, name, width: image.width, height: image.height, picture, contentType: 'image/jpeg' };
    },
    ask: ({ heldId, text, methods, packId }) =>
      parts.answerQuestion(held.get(heldId).image, text, methods, packId),
    async add({ heldId, text, referent }) {
      if (workspace.readOnly) {
        throw new WorkbenchError('read-only', 'The workspace is open for reading only.');
      }
      const dropped = held.get(heldId);
      const folder = addedImages(workspace.path);
      const file = await keepPicture(folder, dropped);
      const imageId = workspace.database.transaction(() => ownImage(workspace, folder, file, dropped))();
      const correction: CorrectionResult = await parts.corrections.apply({
        change: {
          kind: 'add-expression',
          imageId,
          text,
          referent: referent && { ...referent, runId: null },
        },
        label: 'Add expression',
      });
      const [expressionId] = correction.addedIds;
      if (expressionId === undefined) throw new WorkbenchError('internal', 'The expression was not added.');
      const datasetId = workspace.repositories.structure.datasetOf(imageId);
      return { datasetId, imageId, expressionId, correction };
    },
    release({ heldId }) {
      held.release(heldId);
      return null;
    },
  };
}

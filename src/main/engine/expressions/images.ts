/** The contract's `images`: bytes for display, by id only. */
import type { contract, DomainService } from '../../../common/contract';
import { encodeForDisplay } from '../imaging/decode';
import type { Workspace } from '../workspace/open';
import { imagePath } from './image-files';

export function createImagesService(workspace: Workspace): DomainService<typeof contract.images> {
  return {
    read: async ({ imageId, size }) => encodeForDisplay(await imagePath(workspace, imageId), size),
  };
}

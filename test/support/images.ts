/** The contract's `images` on a test's workspace; no colours are kept on the disk. */
import { ColourFile } from '../../src/main/engine/expressions/colour-file';
import { ColoursAhead } from '../../src/main/engine/expressions/colours-ahead';
import { createImagesService } from '../../src/main/engine/expressions/images';
import type { ThumbnailStore } from '../../src/main/engine/expressions/thumbnail-store';
import { createLogger } from '../../src/main/engine/logger';
import type { Workspace } from '../../src/main/engine/workspace/open';

export function testImages(workspace: Workspace, thumbnails: ThumbnailStore) {
  const file = new ColourFile(null, createLogger(null));
  return createImagesService(workspace, thumbnails, {
    file,
    ahead: new ColoursAhead(workspace, file, () => false),
  });
}

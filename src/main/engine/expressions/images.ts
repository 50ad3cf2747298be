/** The contract's `images`: bytes for display, by id only. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { contract, DomainService } from '../../../common/contract';
import { colourRecordBytes } from '../../../common/picture-colours';
import { encodeForDisplay } from '../imaging/decode';
import type { Workspace } from '../workspace/open';
import type { ColourFile } from './colour-file';
import type { ColoursAhead } from './colours-ahead';
import { imagePath } from './image-files';
import type { ThumbnailStore } from './thumbnail-store';

/** Pictures with a longer side of more pixels are made each time: they are looked at one by one. */
const largestKept = 1_024;
/** Records of colours that are told at a time. */
const coloursAtOnce = 20_000;

export function createImagesService(
  workspace: Workspace,
  thumbnails: ThumbnailStore,
  colours: { file: ColourFile; ahead: ColoursAhead },
): DomainService<typeof contract.images> {
  function cache() {
    return { ...thumbnails.usage(), limit: thumbnails.limit };
  }

  return {
    async read({ imageId, size, known }) {
      colours.ahead.giveWay();
      const path = await imagePath(workspace, imageId);
      const stamp = await stampOf(path);
      if (stamp === known) return { bytes: null, contentType: '', stamp };
      const isKept = size !== null && size <= largestKept;
      const kept = isKept ? thumbnails.get({ imageId, size, stamp }) : null;
      if (kept) return { bytes: kept, contentType: 'image/jpeg', stamp };
      const { bytes, contentType } = await encodeForDisplay(path, size);
      if (isKept) thumbnails.set({ imageId, size, stamp }, bytes);
      return { bytes, contentType, stamp };
    },
    async colours({ from, first }) {
      await colours.ahead.first(first);
      const isDone = colours.ahead.start();
      const records = colours.file.read(from, coloursAtOnce);
      return { records, complete: isDone && records.length < coloursAtOnce * colourRecordBytes };
    },
    cache,
    clearCache() {
      thumbnails.clear();
      colours.file.clear();
      return cache();
    },
  };
}

/** Another file, or the same one written again, has another stamp, even with its old time put back. */
async function stampOf(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  return createHash('sha256')
    .update(`${path}\n${size}\n${mtimeNs}\n${ctimeNs}\n${ino}`)
    .digest('hex')
    .slice(0, 32);
}

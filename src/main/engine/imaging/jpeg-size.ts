/** The size of an ordinary JPEG from its first bytes: datasets hold tens of thousands, and a decoder starts slowly. */
import type { Size } from '../../../common/geometry/types';

const marker = 0xff;
const application1 = 0xe1;
/** Baseline, extended and progressive frames; the decoder knows the rare others. */
const frames = [0xc0, 0xc1, 0xc2];

/**
 * Pixels as stored, from a file's first bytes. null: EXIF data may turn the picture, the frame lies further on, or
 * something is unusual; then the decoder has to say.
 */
export function jpegSize(head: Buffer): Size | null {
  let position = 2;
  while (position + 9 <= head.length) {
    if (head[position] !== marker) return null;
    const kind = head[position + 1] ?? 0;
    // Before the frame only segments with a length may stand.
    if (kind < 0xc0 || (kind >= 0xd0 && kind <= 0xda)) return null;
    if (kind === application1 && head.toString('latin1', position + 4, position + 8) === 'Exif') return null;
    if (frames.includes(kind)) {
      const [precision, height, width] = [
        head[position + 4],
        head.readUInt16BE(position + 5),
        head.readUInt16BE(position + 7),
      ];
      return precision === 8 && width > 0 && height > 0 ? { width, height } : null;
    }
    position += 2 + head.readUInt16BE(position + 2);
  }
  return null;
}

/** What a file is, by its bytes. A name says nothing: an SVG called photo.jpg must not reach an SVG renderer. */

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'heic' | 'bmp' | 'svg' | 'pdf';

const latin = (bytes: Uint8Array, from: number, to: number) =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1');

/** Format of a file from its first bytes (some hundred are enough); null: nothing known. */
export function formatOfBytes(head: Uint8Array): ImageFormat | null {
  const start = latin(head, 0, 16);
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return 'webp';
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'gif';
  if (start.startsWith('II*\0') || start.startsWith('MM\0*')) return 'tiff';
  if (start.slice(4, 8) === 'ftyp') {
    // The brands of an ISO base media file: avif or avis somewhere among them.
    return /avi[fs]/.test(latin(head, 8, 64)) ? 'avif' : 'heic';
  }
  if (start.startsWith('BM')) return 'bmp';
  if (start.startsWith('%PDF')) return 'pdf';
  if (
    /^\s*(<\?xml|<!--|<!doctype svg|<svg)/i.test(
      Buffer.from(head)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    )
  )
    return 'svg';
  return null;
}

/**
 * Whether the file's end is the end of its format. false is a suspicion only: harmless bytes may follow a JPEG.
 * `head` are the first bytes, `tail` the last (up to 4 KB), `length` the file's.
 */
export function looksComplete(
  format: ImageFormat,
  head: Uint8Array,
  tail: Uint8Array,
  length: number,
): boolean {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  // Inside a JPEG's data an FF is never followed by D9.
  if (format === 'jpeg') return end.includes('\xff\xd9', 0, 'latin1');
  if (format === 'png') return end.includes('IEND', 0, 'latin1');
  if (format === 'gif') return end.at(-1) === 0x3b;
  if (format === 'webp') return head.length >= 8 && Buffer.from(head).readUInt32LE(4) + 8 <= length;
  // TIFF and AVIF name offsets all over the file; only decoding tells.
  return false;
}

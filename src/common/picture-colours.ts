/**
 * The colours that a picture has where, 4 × 4 of them: shown at once in a list, until the picture itself is there. As
 * records of a fixed length, so that the colours of hundreds of thousands of pictures are one piece of memory.
 */

/** Colours along each side of a picture. */
export const coloursAlong = 4;
const colourBytes = 3 * coloursAlong ** 2;

/** Image id and mark (4 bytes each), shape (a float), then red, green and blue of each place, row by row. */
export const colourRecordBytes = 12 + colourBytes;

export interface PictureColours {
  imageId: number;
  /** Tells whether they are of the image as the workspace has it now. */
  mark: number;
  /** Height ÷ width of the picture. */
  shape: number;
  /** Red, green and blue, 0–255, from the upper left, row by row. Empty: the picture cannot be read. */
  colours: Uint8Array;
}

export function packColours({ imageId, mark, shape, colours }: PictureColours): Uint8Array {
  const record = new Uint8Array(colourRecordBytes);
  const view = new DataView(record.buffer);
  view.setUint32(0, imageId, true);
  view.setUint32(4, mark, true);
  view.setFloat32(8, colours.length === 0 ? 0 : shape, true);
  record.set(colours.subarray(0, colourBytes), 12);
  return record;
}

/** The record at a place (counted in records). */
export function unpackColours(records: Uint8Array, place: number): PictureColours {
  const start = place * colourRecordBytes;
  const view = new DataView(records.buffer, records.byteOffset + start, colourRecordBytes);
  const shape = view.getFloat32(8, true);
  return {
    imageId: view.getUint32(0, true),
    mark: view.getUint32(4, true),
    shape,
    colours: shape > 0 ? records.subarray(start + 12, start + colourRecordBytes) : new Uint8Array(),
  };
}

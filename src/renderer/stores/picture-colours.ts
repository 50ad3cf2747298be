/** The colours of every picture of the dataset, and which picture each expression is of: enough to draw a list at once. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { colourRecordBytes, coloursAlong, unpackColours } from '../../common/picture-colours';
import { placeOfId } from '../../common/sorted-ids';
import { api } from '../api/client';

/** Milliseconds after which colours that were not known yet are asked for again. */
const askedAgainAfter = 3_000;
/** The same while pictures are in sight whose colours are not known. */
const askedSoonAfter = 50;
/** Images in sight whose colours are asked for: those that were looked for last. */
const mostMissing = 60;
/** Colours that are kept ready to be drawn. */
const keptDrawn = 2_000;

export interface DrawnColours {
  /** As CSS takes it. */
  background: string;
  /** Height ÷ width of the picture. */
  shape: number;
}

export const usePictureColours = defineStore('picture-colours', () => {
  const images = shallowRef<{ ids: Int32Array; imageIds: Int32Array } | null>(null);
  /** As they came, each with the place of its first record among all. */
  const pieces: { from: number; records: Uint8Array }[] = [];
  let count = 0;
  /** By image id: 1 + the place of its record; 0: none. */
  let places = new Int32Array();
  const drawn = new Map<number, DrawnColours>();
  /** Counts up with what comes: who looks for colours that were not there yet finds them. */
  const known = shallowRef(0);
  let following = 0;
  /** Looked for and not known, the latest last. */
  const missing = new Set<number>();
  let wake = () => {};

  /** Keeps up with a dataset until another is followed, or `rest` is called. */
  async function follow(datasetId: number) {
    const turn = (following += 1);
    images.value = null;
    try {
      const found = await api.browse.images({ datasetId });
      if (turn !== following) return;
      images.value = found;
      while (turn === following) {
        const first = [...missing];
        const { records, complete } = await api.images.colours({ from: count, first });
        if (turn !== following) return;
        for (const imageId of first) missing.delete(imageId);
        if (records.length > 0) take(records);
        if (complete) return;
        if (records.length === 0) await untilAskedAgain();
      }
    } catch {
      // Without colours, a grey place stands for the picture until it is there; whatever is wrong is told of elsewhere.
    }
  }

  /** For a while, or until colours are missing that somebody looks for. */
  async function untilAskedAgain() {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, askedAgainAfter);
      wake = () => {
        wake = () => {};
        clearTimeout(timer);
        // The others in sight are looked for in the same moment.
        setTimeout(resolve, askedSoonAfter);
      };
      if (missing.size > 0) wake();
    });
  }

  function look(imageId: number) {
    missing.delete(imageId);
    missing.add(imageId);
    const [oldest] = missing;
    if (missing.size > mostMissing && oldest !== undefined) missing.delete(oldest);
    wake();
  }

  function rest() {
    following += 1;
  }

  function take(records: Uint8Array) {
    pieces.push({ from: count, records });
    const added = records.length / colourRecordBytes;
    for (let place = 0; place < added; place += 1) {
      const { imageId } = unpackColours(records, place);
      if (imageId >= places.length) {
        const larger = new Int32Array(Math.max(2 * places.length, imageId + 1));
        larger.set(places);
        places = larger;
      }
      places[imageId] = count + place + 1;
      drawn.delete(imageId);
    }
    count += added;
    known.value += 1;
  }

  /** null: not known. */
  function of(imageId: number): DrawnColours | null {
    void known.value;
    const ready = drawn.get(imageId);
    if (ready) return ready;
    const place = (places[imageId] ?? 0) - 1;
    const piece = pieces.findLast(({ from }) => from <= place);
    if (place < 0 || !piece) {
      look(imageId);
      return null;
    }
    const { shape, colours } = unpackColours(piece.records, place - piece.from);
    if (colours.length === 0) return null;
    const made = { background: backgroundOf(colours), shape };
    const [oldest] = drawn.keys();
    if (drawn.size >= keptDrawn && oldest !== undefined) drawn.delete(oldest);
    drawn.set(imageId, made);
    return made;
  }

  function imageOf(expressionId: number): number | null {
    if (!images.value) return null;
    const { ids, imageIds } = images.value;
    return imageIds[placeOfId(ids, expressionId)] ?? null;
  }

  return { follow, rest, of, imageOf };
});

/** A bitmap of 4 × 4 pixels, which is drawn smoothly however large: as an address, which needs no time to be read. */
export function backgroundOf(colours: Uint8Array): string {
  const bytes = new Uint8Array(bitmapHead.length + colours.length);
  bytes.set(bitmapHead);
  for (let row = 0; row < coloursAlong; row += 1) {
    for (let column = 0; column < coloursAlong; column += 1) {
      const from = 3 * (row * coloursAlong + column);
      // A bitmap begins with its last row, and has blue first.
      const to = bitmapHead.length + 3 * ((coloursAlong - 1 - row) * coloursAlong + column);
      for (let channel = 0; channel < 3; channel += 1) bytes[to + channel] = colours[from + 2 - channel] ?? 0;
    }
  }
  return `url("data:image/bmp;base64,${btoa(String.fromCharCode(...bytes))}") 0 0 / 100% 100%`;
}

/** Of a bitmap with 24 bits a pixel; its rows need no filling as long as they are a multiple of four bytes. */
const bitmapHead = (() => {
  const head = new DataView(new ArrayBuffer(54));
  head.setUint16(0, 0x424d);
  head.setUint32(2, 54 + 3 * coloursAlong ** 2, true);
  head.setUint32(10, 54, true);
  head.setUint32(14, 40, true);
  head.setInt32(18, coloursAlong, true);
  head.setInt32(22, coloursAlong, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, 24, true);
  return new Uint8Array(head.buffer);
})();

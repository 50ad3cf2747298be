/** Places of texts in their order, in pieces: to read a million of them at once would hold up the engine. */
import { placeOfId } from '../../../common/sorted-ids';

/** Expressions in the order of their texts as SQLite has it (NOCASE), equal texts by id. */
export interface TextPiece {
  ids: readonly number[];
  texts: readonly string[];
}

/**
 * Place of each row's text; equal texts have the same. `ids`: of the rows, ascending. `read` gives the piece after a text
 * and an id, or with null the first; an empty one is the end.
 */
export function* textRanks(
  ids: Int32Array,
  read: (after: { text: string; id: number } | null) => TextPiece,
): Generator<void, Int32Array> {
  const ranks = new Int32Array(ids.length);
  let rank = 0;
  let after: { text: string; id: number } | null = null;
  for (;;) {
    const piece = read(after);
    for (const [index, text] of piece.texts.entries()) {
      if (after === null || !isSameText(after.text, text)) rank += 1;
      const id = piece.ids[index] ?? 0;
      const row = placeOfId(ids, id);
      if (row >= 0) ranks[row] = rank;
      after = { text, id };
    }
    if (piece.texts.length === 0) return ranks;
    yield;
  }
}

/**
 * Gives a row whose text has changed its place. `same`: a row with the same text. Else `next`: the first row whose text
 * comes after it, or null where none does. Places may be left empty.
 */
export function moveText(ranks: Int32Array, row: number, same: number | null, next: number | null): void {
  if (same !== null) {
    ranks[row] = ranks[same] ?? 0;
    return;
  }
  const place = next === null ? Infinity : (ranks[next] ?? 0);
  let last = 0;
  ranks[row] = 0;
  for (let other = 0; other < ranks.length; other += 1) {
    const rank = ranks[other] ?? 0;
    if (rank >= place) ranks[other] = rank + 1;
    last = Math.max(last, rank);
  }
  ranks[row] = next === null ? last + 1 : place;
}

/** As NOCASE compares: A–Z are a–z, all other letters are themselves. */
function isSameText(a: string, b: string): boolean {
  return a === b || (a.length === b.length && lowerCase(a) === lowerCase(b));
}

function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Words beside a chart, cut off where they would leave their place. Pure. */

/** Pixels that a character takes at the size of a chart's words: an estimate that is right for most names. */
const characterWidth = 6.4;

/** The text, or its beginning and an ellipsis where it is wider than so many pixels. */
export function shorten(text: string, pixels: number): string {
  const most = Math.max(1, Math.floor(pixels / characterWidth));
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

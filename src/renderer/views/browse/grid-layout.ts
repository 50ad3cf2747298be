/** Where tiles go: pure arithmetic in CSS pixels. */
import type { ExpressionRow, TileSize } from '../../../common/contract';

/** Between tiles, and around them. */
export const tileGap = 10;
export const gridPadding = 12;
/** Of the line above the expressions of one image, with the gap below it. */
export const groupHeadHeight = 34;
const leastWidth: Record<TileSize, number> = { small: 124, medium: 164, large: 250 };
/** Below the picture: text in two lines (small tiles: one) and a line of results. */
const captionHeight: Record<TileSize, number> = { small: 54, medium: 72, large: 72 };

export interface GridLayout {
  columns: number;
  tileWidth: number;
  pictureHeight: number;
  /** Of one row with the gap below it. */
  rowHeight: number;
}

/** As many columns as fit; what is left over is shared out among them. `pictureShape` is height ÷ width. */
export function gridLayout(width: number, size: TileSize, pictureShape: number): GridLayout {
  const inner = Math.max(0, width - 2 * gridPadding);
  const columns = Math.max(1, Math.floor((inner + tileGap) / (leastWidth[size] + tileGap)));
  const tileWidth = Math.max(1, Math.floor((inner - (columns - 1) * tileGap) / columns));
  const pictureHeight = Math.round((tileWidth - 2) * pictureShape);
  return { columns, tileWidth, pictureHeight, rowHeight: pictureHeight + captionHeight[size] + 2 + tileGap };
}

/** Shape that suits most of the pictures: the median of height ÷ width, kept between 2:3 and square. */
export function commonShape(rows: readonly Pick<ExpressionRow, 'imageWidth' | 'imageHeight'>[]): number {
  const shapes = rows.map((row) => row.imageHeight / row.imageWidth).sort((a, b) => a - b);
  const median = shapes[Math.floor(shapes.length / 2)] ?? 0.75;
  return Math.min(1, Math.max(2 / 3, median));
}

/** Thumbnail size to ask for: a step above what is shown, so that few different sizes are made and kept. */
export function thumbnailSize(tileWidth: number, pixelRatio: number): number {
  const needed = tileWidth * pixelRatio;
  return [192, 256, 384, 512, 768].find((size) => size >= needed) ?? 1024;
}

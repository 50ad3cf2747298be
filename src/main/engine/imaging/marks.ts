/** Marks painted into pixels: masks, frames and dots, where a picture goes into a file that draws nothing itself. */
import type { BitMask, Box, Point } from '../../../common/geometry/types';
import type { DecodedImage } from './image';

export type Colour = readonly [red: number, green: number, blue: number];

/** "#2fd08a" */
export function colourOf(hexadecimal: string): Colour {
  const value = Number.parseInt(hexadecimal.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** How a line is drawn; `dash`: pixels on and off in turn along it, empty for a solid line. */
export interface Line {
  colour: Colour;
  /** 0 to 1. */
  opacity: number;
  /** Pixels. */
  width: number;
  dash: readonly number[];
}

/** Blends a colour into some pixels of an image (`places`: y·width + x), in place. */
function blend({ data }: DecodedImage, places: Iterable<number>, colour: Colour, opacity: number): void {
  for (const place of places) {
    for (let channel = 0; channel < 3; channel += 1) {
      const at = 3 * place + channel;
      data[at] = Math.round((data[at] ?? 0) * (1 - opacity) + (colour[channel] ?? 0) * opacity);
    }
  }
}

/** Lays pixels with opacity (four bytes each, not premultiplied) over an image of their size, in place. */
export function paintOver({ data }: DecodedImage, pixels: Uint8Array): void {
  for (let place = 0; 4 * place < pixels.length; place += 1) {
    const opacity = (pixels[4 * place + 3] ?? 0) / 255;
    for (let channel = 0; channel < 3; channel += 1) {
      const at = 3 * place + channel;
      data[at] = Math.round((data[at] ?? 0) * (1 - opacity) + (pixels[4 * place + channel] ?? 0) * opacity);
    }
  }
}

/** Tints a mask of the image's size, and draws its border into its outermost pixels. */
export function paintMask(image: DecodedImage, mask: BitMask, colour: Colour, opacity: number): void {
  const { width, height, data } = mask;
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  const [within, border]: [number[], number[]] = [[], []];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!inside(x, y)) continue;
      const surrounded = inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1);
      (surrounded ? within : border).push(y * width + x);
    }
  }
  blend(image, within, colour, opacity);
  blend(image, border, colour, 1);
}

/** Draws a box's border, clockwise from its top left corner; `box` in pixels of the image, parts outside are left out. */
export function paintFrame(image: DecodedImage, box: Box, line: Line): void {
  const corners: Point[] = [
    { x: box.x, y: box.y },
    { x: box.x + box.width, y: box.y },
    { x: box.x + box.width, y: box.y + box.height },
    { x: box.x, y: box.y + box.height },
  ];
  const places = new Set<number>();
  let gone = 0;
  corners.forEach((from, index) => {
    const to = corners[(index + 1) % corners.length] ?? from;
    const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
    for (let step = 0; step < length; step += 1) {
      if (!isOn(line.dash, gone + step)) continue;
      const share = step / length;
      const at = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
      addSquare(places, image, at, line.width);
    }
    gone += length;
  });
  blend(image, places, line.colour, line.opacity);
}

/** Whether a dashed line is drawn after so many pixels. */
function isOn(dash: readonly number[], gone: number): boolean {
  const period = dash.reduce((sum, length) => sum + length, 0);
  if (period === 0) return true;
  let left = gone % period;
  return dash.findIndex((length) => (left -= length) < 0) % 2 === 0;
}

function addSquare(
  places: Set<number>,
  { width, height }: DecodedImage,
  { x, y }: Point,
  side: number,
): void {
  const [left, top] = [Math.round(x - side / 2), Math.round(y - side / 2)];
  for (let row = Math.max(0, top); row < Math.min(height, top + side); row += 1) {
    for (let column = Math.max(0, left); column < Math.min(width, left + side); column += 1) {
      places.add(row * width + column);
    }
  }
}

/** Draws a filled circle; centre and diameter in pixels of the image. */
export function paintDot(image: DecodedImage, centre: Point, diameter: number, colour: Colour): void {
  const square = new Set<number>();
  addSquare(square, image, centre, Math.ceil(diameter) + 1);
  const within = [...square].filter((place) => {
    const [x, y] = [(place % image.width) + 0.5, Math.floor(place / image.width) + 0.5];
    return Math.hypot(x - centre.x, y - centre.y) <= diameter / 2;
  });
  blend(image, within, colour, 1);
}

import { describe, expect, it } from 'vitest';
import type { DecodedImage } from '../../../src/main/engine/imaging/image';
import {
  colourOf,
  paintDot,
  paintFrame,
  paintMask,
  paintOver,
  type Line,
} from '../../../src/main/engine/imaging/marks';

const red = [255, 0, 0] as const;
const solid: Line = { colour: red, opacity: 1, width: 1, dash: [] };

function blackImage(width: number, height: number): DecodedImage {
  return { width, height, data: new Uint8Array(width * height * 3) };
}

/** Rows of the image, its red channel as digits: 0 for 0, 9 for 255. */
function drawn({ width, height, data }: DecodedImage): string[] {
  const digit = (place: number) => String(Math.round(((data[3 * place] ?? 0) / 255) * 9));
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => digit(y * width + x)).join(''),
  );
}

it('reads a colour', () => {
  expect(colourOf('#2fd08a')).toEqual([0x2f, 0xd0, 0x8a]);
});

describe('a frame', () => {
  it('runs along the border, and where it leaves the image nothing is drawn', () => {
    const image = blackImage(6, 5);
    paintFrame(image, { x: 1.5, y: 1.5, width: 3, height: 10 }, solid);
    expect(drawn(image)).toEqual(['000000', '099990', '090090', '090090', '090090']);
  });

  it('is dashed along its whole length, and blended once where its sides meet', () => {
    const image = blackImage(6, 6);
    paintFrame(image, { x: 0.5, y: 0.5, width: 5, height: 5 }, { ...solid, opacity: 1 / 3, dash: [2, 3] });
    expect(drawn(image)).toEqual(['330003', '000003', '000000', '000000', '300000', '300033']);
  });
});

it('a mask is tinted, its outermost pixels in full colour', () => {
  const image = blackImage(5, 5);
  const data = new Uint8Array(25);
  for (const y of [1, 2, 3]) data.fill(1, y * 5 + 1, y * 5 + 4);
  paintMask(image, { width: 5, height: 5, data }, red, 1 / 3);
  expect(drawn(image)).toEqual(['00000', '09990', '09390', '09990', '00000']);
});

it('a dot is round', () => {
  const image = blackImage(6, 6);
  paintDot(image, { x: 3, y: 3 }, 4, red);
  expect(drawn(image)).toEqual(['000000', '009900', '099990', '099990', '009900', '000000']);
});

it('pixels with opacity are laid over those below', () => {
  const image = blackImage(3, 1);
  paintOver(image, Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 85, 255, 0, 0, 255));
  expect(drawn(image)).toEqual(['039']);
});

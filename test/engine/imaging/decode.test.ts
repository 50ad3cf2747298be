import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jpegSize } from '../../../src/main/engine/imaging/jpeg-size';
import { decodeImage, encodeForDisplay, probeImage } from '../../../src/main/engine/imaging/decode';

const folder = join(__dirname, '../../fixtures/images');
const at = (name: string) => join(folder, name);
const expected = JSON.parse(readFileSync(at('expected.json'), 'utf8')) as Record<
  string,
  { width: number; height: number; rgb: string }
>;

/** Largest and mean difference of two pixel arrays. */
function difference(a: Uint8Array, b: Uint8Array): { largest: number; mean: number } {
  let largest = 0;
  let sum = 0;
  a.forEach((value, index) => {
    const delta = Math.abs(value - (b[index] ?? 0));
    largest = Math.max(largest, delta);
    sum += delta;
  });
  return { largest, mean: sum / a.length };
}

const bad: [string, string][] = [
  ['missing.png', 'not-found'],
  ['truncated.jpg', 'unreadable'],
  ['truncated.png', 'unreadable'],
  ['text.png', 'unreadable'],
  ['empty.png', 'unreadable'],
  ['.', 'unreadable'],
  ['vector.jpg', 'unsupported'],
  ['bitmap.png', 'unsupported'],
  ['huge.png', 'too-large'],
];

describe('decodeImage', () => {
  it.each(Object.keys(expected))('gives the pixels that PIL gives for %s', async (name) => {
    const wanted = expected[name];
    const image = await decodeImage(at(name));
    expect([image.width, image.height]).toEqual([wanted?.width, wanted?.height]);
    const pixels = Buffer.from(wanted?.rgb ?? '', 'base64');
    expect(image.data.length).toBe(pixels.length);
    // Decoders of lossy formats may round differently.
    const { largest, mean } = difference(image.data, pixels);
    expect(largest).toBeLessThanOrEqual(/\.(jpg|avif)$/.test(name) ? 3 : 0);
    expect(mean).toBeLessThan(0.2);
  });

  it('brings 16-bit grey and CMYK to 8-bit RGB', async () => {
    const grey = Buffer.from(expected['grey.png']?.rgb ?? '', 'base64');
    expect(difference((await decodeImage(at('grey-16.png'))).data, grey).largest).toBe(0);
    const colour = Buffer.from(expected['colour.png']?.rgb ?? '', 'base64');
    const cmyk = await decodeImage(at('cmyk.jpg'));
    expect(cmyk.data.length).toBe(colour.length);
    expect(difference(cmyk.data, colour).mean).toBeLessThan(60);
  });

  it('finds a truncated file every time, also among others', async () => {
    const probes = Array.from({ length: 60 }, () => [
      probeImage(at('truncated.jpg')),
      probeImage(at('colour.png')),
    ]).flat();
    const outcomes = await Promise.allSettled(probes);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(60);
  });

  it.each(bad)('refuses %s as %s', async (name, kind) => {
    const before = process.memoryUsage().rss;
    await expect(decodeImage(at(name))).rejects.toMatchObject({ name: 'WorkbenchError', kind });
    await expect(probeImage(at(name))).rejects.toMatchObject({ kind });
    await expect(encodeForDisplay(at(name), 64)).rejects.toMatchObject({ kind });
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('gives every refusal a message and a hint', async () => {
    for (const [name] of bad) {
      const error = await decodeImage(at(name)).catch(
        (thrown: unknown) => thrown as { message: string; hint: string },
      );
      expect((error as { message: string }).message).toContain(name === '.' ? 'images' : name);
      expect((error as { hint: string }).hint).not.toBe('');
    }
  });
});

describe('probeImage', () => {
  it('knows the oriented size and the format', async () => {
    expect(await probeImage(at('orientation-6.jpg'))).toEqual({ width: 17, height: 29, format: 'jpeg' });
    expect(await probeImage(at('animated.gif'))).toEqual({ width: 29, height: 17, format: 'gif' });
    expect(await probeImage(at('colour.tif'))).toEqual({ width: 29, height: 17, format: 'tiff' });
  });

  it.each(Object.keys(expected))('knows the size that decoding gives: %s', async (name) => {
    const { width, height } = await probeImage(at(name));
    expect([width, height]).toEqual([expected[name]?.width, expected[name]?.height]);
  });

  it('takes a picture with harmless bytes after its end', async () => {
    expect(await probeImage(at('trailing-bytes.jpg'))).toEqual({ width: 29, height: 17, format: 'jpeg' });
  });
});

describe('jpegSize', () => {
  it('leaves to the decoder what it does not know', () => {
    expect(jpegSize(readFileSync(at('colour.jpg')))).toEqual({ width: 29, height: 17 });
    expect(jpegSize(readFileSync(at('orientation-6.jpg')))).toBeNull();
    const bytes = readFileSync(at('colour.jpg'));
    for (let length = 0; length < 160; length += 1) expect(jpegSize(bytes.subarray(0, length))).toBeNull();
    expect(jpegSize(Buffer.alloc(100, 0xff))).toBeNull();
  });
});

describe('encodeForDisplay', () => {
  it('fits the longer side, never enlarges, and orients', async () => {
    const small = await encodeForDisplay(at('orientation-6.jpg'), 16);
    expect(small.contentType).toBe('image/jpeg');
    expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 9, height: 16 });
    const same = await encodeForDisplay(at('orientation-6.jpg'), 512);
    expect(await sharp(same.bytes).metadata()).toMatchObject({ width: 17, height: 29 });
    const whole = await encodeForDisplay(at('colour.png'), null);
    expect(await sharp(whole.bytes).metadata()).toMatchObject({ width: 29, height: 17 });
  });

  it('carries nothing of the file but pixels', async () => {
    const metadata = await sharp((await encodeForDisplay(at('profile.jpg'), null)).bytes).metadata();
    expect(metadata.exif).toBeUndefined();
    expect(metadata.icc).toBeUndefined();
  });

  it('shows what is under transparent pixels, as the models see it', async () => {
    const { data } = await sharp((await encodeForDisplay(at('alpha.png'), null)).bytes)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = Buffer.from(expected['alpha.png']?.rgb ?? '', 'base64');
    expect(difference(data, pixels).mean).toBeLessThan(8);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBoundedCache } from '../../../src/main/engine/models/cache';
import type { TokenRule } from '../../../src/main/engine/models/manifest';
import { hasExternalData } from '../../../src/main/engine/models/onnx-file';
import {
  cleanExpression,
  createEncoder,
  fitTokens,
  withoutPadding,
} from '../../../src/main/engine/models/tokenizer';

describe('the cache of image states', () => {
  it('drops what was not used for longest, and never holds more than its limit', () => {
    let limit = 10;
    const cache = new ByteBoundedCache<{ bytes: number }>(() => limit);
    for (const key of ['a', 'b', 'c']) cache.set(key, { bytes: 3 });
    expect(cache.get('a')).toBeDefined();
    cache.set('d', { bytes: 3 });
    expect([...'abcd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd']);
    cache.set('a', { bytes: 1 });
    expect(cache.bytes).toBe(7);
    cache.set('huge', { bytes: 11 });
    expect(cache.get('huge')).toBeUndefined();
    limit = 3;
    cache.set('e', { bytes: 3 });
    expect(cache.bytes).toBe(3);
    cache.clear();
    expect(cache.bytes).toBe(0);
  });

  it('counts its bytes right whatever is put in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(12))), (puts) => {
        const cache = new ByteBoundedCache<{ bytes: number }>(() => 20);
        for (const [key, bytes] of puts) cache.set(key, { bytes });
        const held = [...'abcd'].reduce((sum, key) => sum + (cache.get(key)?.bytes ?? 0), 0);
        expect(cache.bytes).toBe(held);
        expect(held).toBeLessThanOrEqual(20);
      }),
    );
  });
});

const rule: TokenRule = { file: 't.json', length: 5, pad: 0, template: '{}', clean: 'clip' };

describe('expressions', () => {
  it('are cleaned as their models were trained', () => {
    const text = '  The\tBIG  red\u00a0Dog: “ok”! (really)  ';
    expect(cleanExpression(text, 'none')).toBe(text);
    expect(cleanExpression(text, 'clip')).toBe('the big red dog: “ok”! (really)');
    expect(cleanExpression(text, 'blip')).toBe('the big red dog “ok” really');
    expect(cleanExpression('w '.repeat(60), 'blip').split(' ')).toHaveLength(50);
    // A byte order mark is no white space to Python; a next-line character is.
    expect(cleanExpression('a\ufeffb\u0085c', 'clip')).toBe('a\ufeffb c');
  });

  it('are cut to the length, keeping the end token, and padded', () => {
    expect([...fitTokens([1, 7, 2], rule).ids]).toEqual([1n, 7n, 2n, 0n, 0n]);
    expect([...fitTokens([1, 7, 2], rule).mask]).toEqual([1n, 1n, 1n, 0n, 0n]);
    expect([...fitTokens([1, 3, 4, 5, 6, 7, 2], rule).ids]).toEqual([1n, 3n, 4n, 5n, 2n]);
    expect([...fitTokens([1, 7, 2], { ...rule, firstToken: 99 }).ids]).toEqual([99n, 7n, 2n, 0n, 0n]);
    expect([...fitTokens([], { ...rule, firstToken: 99 }).mask]).toEqual([0n, 0n, 0n, 0n, 0n]);
  });

  it('go without their padding to graphs that take any length, yet never none at all', () => {
    const short = withoutPadding(fitTokens([1, 7, 2], rule));
    expect([...short.ids]).toEqual([1n, 7n, 2n]);
    expect([...short.mask]).toEqual([1n, 1n, 1n]);
    expect([...withoutPadding(fitTokens([1, 3, 4, 5, 6, 7, 2], rule)).ids]).toEqual([1n, 3n, 4n, 5n, 2n]);
    expect([...withoutPadding(fitTokens([], rule)).ids]).toEqual([0n]);
  });

  const vocabulary = { '[PAD]': 0, '[BOS]': 1, '[EOS]': 2, '[UNK]': 3, a: 4, photo: 5, of: 6, dog: 7 };
  const tokenizer = (unknown: string | undefined) =>
    createEncoder(
      JSON.stringify({
        version: '1.0',
        added_tokens: [],
        normalizer: { type: 'Lowercase' },
        pre_tokenizer: { type: 'Whitespace' },
        post_processor: null,
        decoder: null,
        model: { type: 'WordLevel', vocab: vocabulary, ...(unknown && { unk_token: unknown }) },
      }),
    );

  it('are put into the template; replacement patterns in them are only text', () => {
    const encode = tokenizer('[UNK]');
    const template = { ...rule, template: 'a photo of {}' };
    expect([...encode('dog', template).ids]).toEqual([4n, 5n, 6n, 7n, 0n]);
    expect([...encode('$&', template).ids]).toEqual([4n, 5n, 6n, 3n, 0n]);
  });

  it('lose words that a vocabulary without an unknown token does not have', () => {
    expect([...tokenizer(undefined)('dog xyz a', rule).ids]).toEqual([7n, 4n, 0n, 0n, 0n]);
  });

  it('a tokenizer that cannot be read is model-damaged', () => {
    expect(() => createEncoder('{')).toThrow(expect.objectContaining({ kind: 'model-damaged' }));
    expect(() => createEncoder('{"model": {"type": "none"}}')).toThrow(
      expect.objectContaining({ kind: 'model-damaged' }),
    );
  });
});

describe('looking into ONNX files', () => {
  const graphs = resolve(__dirname, '../../engine/models/graphs');
  const outcome = (bytes: Uint8Array) => {
    try {
      return hasExternalData(bytes) ? 'external' : 'inside';
    } catch {
      return 'broken';
    }
  };

  it('finds weights outside the file wherever they hide', () => {
    const found = Object.fromEntries(
      readdirSync(graphs)
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => [name.slice(0, -'.onnx'.length), outcome(readFileSync(join(graphs, name)))]),
    );
    expect(found).toEqual({
      sound: 'inside',
      'external-above': 'external',
      'external-absolute': 'external',
      'external-beside': 'external',
      'external-in-node': 'external',
      'huge-constant': 'inside',
      'other-input': 'inside',
      'unknown-operator': 'inside',
      truncated: 'broken',
      random: 'broken',
      text: 'broken',
    });
  });

  it('ends on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void outcome(bytes)));
    const sound = readFileSync(join(graphs, 'sound.onnx'));
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(sound);
        changed[at] = value;
        outcome(changed);
      }),
    );
  });
});

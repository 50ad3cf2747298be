import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WorkbenchError } from '../../../src/common/errors';
import { createLogger } from '../../../src/main/engine/logger';
import { temporaryFolder } from '../../support/workspace';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lines(): Record<string, unknown>[] {
  const text = readFileSync(join(folder, 'engine.log'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes one JSON object a line, errors with the id that the person sees', () => {
  const log = createLogger(folder);
  log.info('started', { version: 1 });
  const cause = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const id = log.error('saving', new WorkbenchError('disk-full', 'It is full.', 'Free some.', { cause }));
  log.close();
  const [first, second] = lines();
  expect(first).toMatchObject({ level: 'info', message: 'started', version: 1 });
  expect(id).toMatch(/^[0-9a-f]{8}$/);
  expect(second).toMatchObject({
    level: 'error',
    message: 'saving',
    id,
    error: {
      kind: 'disk-full',
      message: 'It is full.',
      stack: expect.stringContaining('logger.test'),
      cause: { code: 'ENOSPC' },
    },
  });
});

it('never holds bytes, and cuts what is long or deep', () => {
  const log = createLogger(folder);
  const endless: Record<string, unknown> = {};
  endless['self'] = endless;
  log.warn('much', {
    image: new Uint8Array(100_000),
    buffer: Buffer.alloc(9),
    text: 'x'.repeat(50_000),
    list: Array.from({ length: 5_000 }, (_, index) => index),
    endless,
    big: 10n,
  });
  log.close();
  expect(lines()[0]).toMatchObject({ image: '[100000 bytes]', buffer: '[9 bytes]', big: '10' });
  expect(statSync(join(folder, 'engine.log')).size).toBeLessThan(4_000);
});

it('is turned over when it grows, and keeps the last few files', () => {
  const log = createLogger(folder, 2_000);
  for (let count = 0; count < 200; count += 1) log.info('a line of some length', { count });
  log.close();
  expect(readdirSync(folder).sort()).toEqual(['engine.log', 'engine.log.1', 'engine.log.2']);
  expect(lines().at(-1)).toMatchObject({ count: 199 });
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(2_200);
});

it('gives ids without a file, and stops nothing where it cannot be written', () => {
  expect(createLogger(null).error('anything', 'a text')).toMatch(/^[0-9a-f]{8}$/);
  const place = join(folder, 'file');
  writeFileSync(place, '');
  const log = createLogger(join(place, 'below'));
  expect(log.error('anything', new Error('x'))).toMatch(/^[0-9a-f]{8}$/);
  log.close();
  expect(existsSync(join(place, 'below'))).toBe(false);
});

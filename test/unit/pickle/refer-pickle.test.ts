import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PickleKey, PickleValue } from '../../../src/main/engine/datasets/pickle-value';
import { readPickle } from '../../../src/main/engine/datasets/refer-pickle';
import { unescapeString } from '../../../src/main/engine/datasets/pickle-text';
import { WorkbenchError } from '../../../src/common/errors';

const folder = join(__dirname, '../../fixtures/pickle');
const load = <Case>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Case[];
const benign = load<{ name: string; pickle: string; value: Described }>('benign.json');
const hostile = load<{ name: string; pickle: string; kind: string }>('hostile.json');

type Described = [type: string, content: string | Described[] | [Described, Described][]];

/** A value as make.py writes it; Python tells int from float, and so does `like`. */
function described(value: PickleValue, like: Described): Described {
  if (value === null) return ['none', ''];
  if (typeof value === 'boolean') return ['bool', value ? 'True' : 'False'];
  if (typeof value === 'bigint') return ['int', String(value)];
  if (typeof value === 'number') {
    if (like[0] === 'int') return ['int', String(value)];
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return ['float', bytes.toString('hex')];
  }
  if (typeof value === 'string') return ['str', value];
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('hex')];
  if (Array.isArray(value)) {
    return ['list', value.map((item, index) => described(item, (like[1][index] ?? ['', '']) as Described))];
  }
  return [
    'dict',
    [...value].map(([key, item], index) => {
      const pair = (like[1][index] ?? [
        ['', ''],
        ['', ''],
      ]) as [Described, Described];
      return [described(key as PickleKey, pair[0]), described(item, pair[1])] as [Described, Described];
    }),
  ];
}

const bytesOf = (text: string) => Buffer.from(text, 'base64');

async function errorOf(bytes: Uint8Array): Promise<WorkbenchError> {
  try {
    await readPickle(bytes);
  } catch (error) {
    if (error instanceof WorkbenchError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('readPickle', () => {
  it.each(benign)('reads what Python reads: $name', async ({ pickle, value }) => {
    expect(described(await readPickle(bytesOf(pickle)), value)).toEqual(value);
  });

  it.each(hostile)('refuses: $name', async ({ pickle, kind }) => {
    const error = await errorOf(bytesOf(pickle));
    expect(error.kind).toBe(kind);
    expect(error.hint).not.toBe('');
  });

  it('names the opcode and what it asks for', async () => {
    const messageOf = async (name: string) =>
      (await errorOf(bytesOf(hostile.find((entry) => entry.name === name)?.pickle ?? ''))).message;
    expect(await messageOf('command, protocol 0')).toMatch(/GLOBAL naming (posix|nt)\.system/);
    expect(await messageOf('command, protocol 4')).toMatch(/STACK_GLOBAL naming (posix|nt)\.system/);
    expect(await messageOf('inst')).toContain('INST naming os.system');
    expect(await messageOf('reduce')).toContain('REDUCE');
  });

  it('is refused or read, and nothing else, wherever a file is cut or changed', async () => {
    const whole = bytesOf(benign.find((entry) => entry.name === 'refs, protocol 2')?.pickle ?? '');
    for (let length = 0; length < whole.length; length += 1) {
      expect(['unreadable', 'too-large']).toContain((await errorOf(whole.subarray(0, length))).kind);
    }
    for (let position = 0; position < whole.length; position += 1) {
      for (const byte of [0x00, 0x28, 0x63, 0x65, 0x80, 0xff]) {
        const changed = Buffer.from(whole);
        changed[position] = byte;
        try {
          await readPickle(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(WorkbenchError);
        }
      }
    }
  });

  it('appends 400,000 items at once', async () => {
    const count = 400_000;
    const items = Buffer.alloc(count * 2, Buffer.from([0x4b, 0x07]));
    const list = await readPickle(Buffer.concat([Buffer.from(']('), items, Buffer.from('e.')]));
    expect((list as PickleValue[]).length).toBe(count);
  });

  it('keeps __proto__ a key like any other', async () => {
    const { pickle } = benign.find((entry) => entry.name === 'dictionary, protocol 2') ?? { pickle: '' };
    const dictionary = (await readPickle(bytesOf(pickle))) as Map<PickleKey, PickleValue>;
    expect(dictionary.get('__proto__')).toEqual(new Map([['isAdmin', true]]));
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('unescapeString', () => {
  it('leaves unknown escapes as they are', () => {
    expect(unescapeString('\\q\\x41\\0\\18')).toBe('\\qA\0\x018');
  });
});

/**
 * REFER's `refs(*).p` files are Python pickles, and a pickle is a program: its opcodes can import and call anything.
 * This reader knows only the opcodes that build plain data (None, bool, int, float, str, bytes, list, tuple, dict) of
 * protocols 0 to 5, and refuses every other by name. Nothing is looked up, nothing is called.
 * Byte strings of Python 2 are read as Latin-1, as `pickle.load(…, encoding="latin1")` does.
 */
import { WorkbenchError } from '../../../common/errors';
import { Breather } from './breathe';
import { unescapeRawUnicode, unescapeString } from './pickle-text';
import { measurePickle } from './pickle-measure';
import type { PickleKey, PickleValue } from './pickle-value';

/** What opcodes work on; the mark opens a sequence. */
const mark = Symbol('mark');
type StackItem = PickleValue | typeof mark;

/** Names of the opcodes that could run or name code, or that leave plain data; for the message. */
const refusedOpcodes: Record<number, string> = {
  0x63: 'GLOBAL',
  0x93: 'STACK_GLOBAL',
  0x52: 'REDUCE',
  0x62: 'BUILD',
  0x69: 'INST',
  0x6f: 'OBJ',
  0x81: 'NEWOBJ',
  0x92: 'NEWOBJ_EX',
  0x82: 'EXT1',
  0x83: 'EXT2',
  0x84: 'EXT4',
  0x50: 'PERSID',
  0x51: 'BINPERSID',
  0x8f: 'EMPTY_SET',
  0x90: 'ADDITEMS',
  0x91: 'FROZENSET',
  0x96: 'BYTEARRAY8',
  0x97: 'NEXT_BUFFER',
  0x98: 'READONLY_BUFFER',
};

/** More digits than any id has; a longer number only costs time. */
const mostDigits = 4_300;
/** Opcodes between two looks at the clock. */
const stepsAtOnce = 2_048;

/**
 * Reads one pickle; throws `refused` for code, `unreadable` for what is not a whole pickle, `too-large` for bombs. Other
 * work happens in between, and a cancelled import ends at once.
 */
export async function readPickle(bytes: Uint8Array, breather = new Breather()): Promise<PickleValue> {
  const value = await new PickleReader(bytes).read(breather);
  await measurePickle(value, breather);
  return value;
}

class PickleReader {
  readonly #bytes: Buffer;
  readonly #stack: StackItem[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async read(breather: Breather): Promise<PickleValue> {
    for (let steps = 1; ; steps += 1) {
      const opcode = this.#byte();
      if (opcode === 0x2e) break; // STOP
      this.#step(opcode);
      if (steps % stepsAtOnce === 0) await breather.pause();
    }
    const value = this.#pop();
    if (this.#stack.length > 0) throw this.#damaged('values are left over at its end');
    return value;
  }

  #step(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        this.#protocol(this.#byte());
        return;
      case 0x95: // FRAME: only says how much follows
        this.#length(8);
        return;
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x49: // INT
        return this.#push(this.#integerLine());
      case 0x4c: // LONG
        return this.#push(this.#longLine());
      case 0x4b: // BININT1
        return this.#push(this.#byte());
      case 0x4d: // BININT2
        return this.#push(this.#take(2).readUInt16LE());
      case 0x4a: // BININT
        return this.#push(this.#take(4).readInt32LE());
      case 0x8a: // LONG1
        return this.#push(this.#binaryLong(this.#byte()));
      case 0x8b: // LONG4
        return this.#push(this.#binaryLong(this.#length(4)));
      case 0x46: // FLOAT
        return this.#push(this.#floatLine());
      case 0x47: // BINFLOAT
        return this.#push(this.#take(8).readDoubleBE());
      default:
        return this.#stepText(opcode);
    }
  }

  #stepText(opcode: number): void {
    switch (opcode) {
      case 0x53: // STRING
        return this.#push(this.#quotedLine());
      case 0x54: // BINSTRING
        return this.#push(this.#take(this.#length(4)).toString('latin1'));
      case 0x55: // SHORT_BINSTRING
        return this.#push(this.#take(this.#byte()).toString('latin1'));
      case 0x56: // UNICODE
        return this.#push(this.#checked(() => unescapeRawUnicode(this.#line())));
      case 0x58: // BINUNICODE
        return this.#push(this.#utf8(this.#length(4)));
      case 0x8c: // SHORT_BINUNICODE
        return this.#push(this.#utf8(this.#byte()));
      case 0x8d: // BINUNICODE8
        return this.#push(this.#utf8(this.#length(8)));
      case 0x42: // BINBYTES
        return this.#push(Uint8Array.from(this.#take(this.#length(4))));
      case 0x43: // SHORT_BINBYTES
        return this.#push(Uint8Array.from(this.#take(this.#byte())));
      case 0x8e: // BINBYTES8
        return this.#push(Uint8Array.from(this.#take(this.#length(8))));
      default:
        return this.#stepContainer(opcode);
    }
  }

  #stepContainer(opcode: number): void {
    switch (opcode) {
      case 0x28: // MARK
        this.#stack.push(mark);
        return;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.#push([]);
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map());
      case 0x6c: // LIST
      case 0x74: // TUPLE
        return this.#push(this.#sinceMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#push(this.#popSeveral(opcode - 0x84));
      case 0x64: // DICT
        return this.#push(this.#fill(new Map(), this.#sinceMark()));
      case 0x61: // APPEND
        return this.#append(this.#popSeveral(1));
      case 0x65: // APPENDS
        return this.#append(this.#sinceMark());
      case 0x73: // SETITEM
        return this.#setItems(this.#popSeveral(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#sinceMark());
      case 0x30: // POP
        if (this.#stack.pop() === undefined) throw this.#damaged('it takes from an empty stack');
        return;
      case 0x31: // POP_MARK
        this.#sinceMark();
        return;
      case 0x32: // DUP
        return this.#push(this.#top());
      default:
        return this.#stepMemo(opcode);
    }
  }

  #stepMemo(opcode: number): void {
    switch (opcode) {
      case 0x70: // PUT
        this.#memo.set(this.#index(), this.#top());
        return;
      case 0x71: // BINPUT
        this.#memo.set(this.#byte(), this.#top());
        return;
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#take(4).readUInt32LE(), this.#top());
        return;
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top());
        return;
      case 0x67: // GET
        return this.#push(this.#remembered(this.#index()));
      case 0x68: // BINGET
        return this.#push(this.#remembered(this.#byte()));
      case 0x6a: // LONG_BINGET
        return this.#push(this.#remembered(this.#take(4).readUInt32LE()));
      default:
        throw this.#refusal(opcode);
    }
  }

  #refusal(opcode: number): WorkbenchError {
    const name = refusedOpcodes[opcode];
    if (!name) return this.#damaged(`there is no opcode 0x${opcode.toString(16).padStart(2, '0')}`);
    const wanted = this.#globalOf(opcode);
    return new WorkbenchError(
      'refused',
      `The pickle holds more than plain data: opcode ${name}${wanted ? ` naming ${wanted}` : ''} at byte ${this.#position - 1}. Nothing was run.`,
      'A REFER file holds only lists, dictionaries, texts and numbers. Do not trust this file; get it from its source.',
    );
  }

  /** What the refused opcode asks for, where it says so. */
  #globalOf(opcode: number): string | null {
    if (opcode === 0x63 || opcode === 0x69) {
      try {
        return `${this.#line().toString('latin1')}.${this.#line().toString('latin1')}`.slice(0, 200);
      } catch {
        return null;
      }
    }
    if (opcode !== 0x93) return null;
    const [module, attribute] = this.#stack.slice(-2);
    return typeof module === 'string' && typeof attribute === 'string'
      ? `${module}.${attribute}`.slice(0, 200)
      : null;
  }

  #protocol(version: number): void {
    if (version > 5) {
      throw new WorkbenchError(
        'unsupported',
        `The pickle has protocol ${version}; protocols 0 to 5 are known.`,
        'Write it again in Python with protocol=2.',
      );
    }
  }

  // Stack

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark) throw this.#damaged('it takes from an empty stack');
    return value;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popSeveral(count: number): PickleValue[] {
    const values: PickleValue[] = [];
    for (let index = 0; index < count; index += 1) values.push(this.#pop());
    return values.reverse();
  }

  #sinceMark(): PickleValue[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw this.#damaged('a mark is missing');
    const values = this.#stack.splice(start) as PickleValue[];
    values.shift();
    return values;
  }

  #append(values: PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#damaged('it appends to what is not a list');
    // Not push(...values): hundreds of thousands of arguments overflow the stack.
    for (const value of values) list.push(value);
  }

  #setItems(values: PickleValue[]): void {
    const dictionary = this.#top();
    if (!(dictionary instanceof Map)) throw this.#damaged('it sets items of what is not a dictionary');
    this.#fill(dictionary, values);
  }

  #fill(dictionary: Map<PickleKey, PickleValue>, values: PickleValue[]): Map<PickleKey, PickleValue> {
    if (values.length % 2 === 1) throw this.#damaged('a key has no value');
    for (let index = 0; index < values.length; index += 2) {
      const key = values[index];
      if (key === undefined || (typeof key === 'object' && key !== null)) {
        throw this.#damaged('the key of a dictionary is neither text nor number');
      }
      dictionary.set(key, values[index + 1] as PickleValue);
    }
    return dictionary;
  }

  #remembered(index: number): PickleValue {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#damaged(`memo ${index} was never put`);
    return value;
  }

  // Bytes

  #byte(): number {
    const value = this.#bytes[this.#position];
    if (value === undefined) throw this.#damaged('it ends too early');
    this.#position += 1;
    return value;
  }

  #take(count: number): Buffer {
    const end = this.#position + count;
    if (end > this.#bytes.length) throw this.#damaged('it ends too early');
    const part = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return part;
  }

  /** A length of 4 or 8 bytes, refused before anything of that size is made. */
  #length(width: 4 | 8): number {
    const bytes = this.#take(width);
    const length = width === 4 ? bytes.readUInt32LE() : Number(bytes.readBigUInt64LE());
    if (length > this.#bytes.length - this.#position) {
      throw this.#damaged(`it announces ${length} bytes and has ${this.#bytes.length - this.#position}`);
    }
    return length;
  }

  #line(): Buffer {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw this.#damaged('it ends too early');
    const line = this.#bytes.subarray(this.#position, end);
    this.#position = end + 1;
    return line;
  }

  // Numbers and texts

  #integerLine(): PickleValue {
    const text = this.#line().toString('latin1');
    if (text === '01') return true;
    if (text === '00') return false;
    return this.#integer(text);
  }

  #longLine(): PickleValue {
    return this.#integer(this.#line().toString('latin1').replace(/L$/, ''));
  }

  #integer(text: string): number | bigint {
    const trimmed = text.trim();
    if (!/^[+-]?\d+$/.test(trimmed)) throw this.#damaged('a whole number has other characters');
    if (trimmed.length > mostDigits) throw this.#damaged('a number is too long');
    return plain(BigInt(trimmed.replace(/^\+/, '')));
  }

  #index(): number {
    const value = this.#integer(this.#line().toString('latin1'));
    if (typeof value !== 'number' || value < 0) throw this.#damaged('a memo index is not a whole number');
    return value;
  }

  /** Two's complement, little-endian, of any length. */
  #binaryLong(length: number): number | bigint {
    if (length > mostDigits) throw this.#damaged('a number is too long');
    if (length === 0) return 0;
    const bytes = Buffer.from(this.#take(length)).reverse();
    return plain(BigInt.asIntN(length * 8, BigInt(`0x${bytes.toString('hex')}`)));
  }

  #floatLine(): number {
    const text = this.#line().toString('latin1').trim().toLowerCase();
    const named: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
    if (Object.hasOwn(named, text)) return named[text] as number;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text))
      throw this.#damaged('a number has other characters');
    return Number(text);
  }

  #quotedLine(): string {
    const text = this.#line().toString('latin1').trimEnd();
    const quote = text[0];
    if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
      throw this.#damaged('a text is not in quotes');
    }
    return this.#checked(() => unescapeString(text.slice(1, -1)));
  }

  #utf8(length: number): string {
    const bytes = this.#take(length);
    return this.#checked(() => strictUtf8.decode(bytes));
  }

  #checked(decode: () => string): string {
    try {
      return decode();
    } catch {
      throw this.#damaged('a text is not in its encoding');
    }
  }

  #damaged(detail: string): WorkbenchError {
    return new WorkbenchError(
      'unreadable',
      `The file is not a whole Python pickle: ${detail} (byte ${this.#position}).`,
      'Get the file again from its source, or write it again in Python with protocol=2.',
    );
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function plain(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * A JSON file of any size, item by item: the items of each list that stands in the outermost object (or of the
 * outermost list itself) are parsed one by one while the file is read in pieces. Nothing larger than one item is in
 * memory, other calls are answered in between, and a cancelled import ends at once.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { WorkbenchError } from '../../../common/errors';
import type { Breather } from './breathe';

export interface JsonItem {
  /** Name of the list, or of the value; empty for the outermost list. */
  list: string;
  /** Place in its list from 0; null: a value that is no list. */
  index: number | null;
  value: unknown;
}

const pieceBytes = 1_048_576;
const largestItem = 64_000_000;
const deepest = 256;

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Throws `unreadable` where the file is not JSON, `refused` where it is nested deeper than any annotation. `lists`
 * gets the names of the lists, which may be empty.
 */
export async function* jsonItems(
  path: string,
  breather: Breather,
  lists = new Set<string>(),
): AsyncGenerator<JsonItem> {
  const scanner = new Scanner(basename(path), lists);
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
    for (const item of scanner.scan(piece as Buffer)) {
      yield item;
      await breather.breathe();
    }
    await breather.breathe();
  }
  scanner.end();
}

/** Where the scanner stands; `item` and `value` may be inside a value that is being collected. */
type Place = 'start' | 'name' | 'colon' | 'value' | 'item' | 'after-value' | 'end';

class Scanner {
  readonly #name: string;
  readonly #lists: Set<string>;
  #place: Place = 'start';
  /** Bytes of the value that is being collected and began in an earlier piece. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** Where the value begins in the present piece; −1: none is being collected. */
  #from = -1;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #isListFile = false;
  #list = '';
  #index = 0;
  #expectsItem = false;
  #offset = 0;

  constructor(name: string, lists: Set<string>) {
    this.#name = name;
    this.#lists = lists;
  }

  *scan(piece: Buffer): Generator<JsonItem> {
    let position = this.#offset === 0 && piece.subarray(0, 3).toString('latin1') === 'ï»¿' ? 3 : 0;
    if (this.#collecting) this.#from = 0;
    for (; position < piece.length; position += 1) {
      const byte = piece[position] ?? 0;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inText = false;
          if (this.#place === 'name' && this.#depth === 0) {
            this.#list = String(this.#parse(piece, position + 1));
            this.#place = 'colon';
          }
        }
        continue;
      }
      if (this.#collecting) {
        const ends = this.#depth === 0 && (byte === comma || byte === closeList || byte === closeObject);
        if (!ends) {
          this.#inside(byte);
          continue;
        }
        yield this.#item(piece, position);
      }
      this.#between(byte, position);
    }
    if (this.#from >= 0) this.#keep(piece.subarray(this.#from));
    this.#offset += piece.length;
  }

  end(): void {
    if (this.#place !== 'end') throw this.#broken('it ends too early');
  }

  get #collecting(): boolean {
    return this.#from >= 0 || this.#keptBytes > 0;
  }

  /** A byte of a value that is being collected. */
  #inside(byte: number): void {
    if (byte === quote) this.#inText = true;
    else if (byte === openList || byte === openObject) this.#depth += 1;
    else if (byte === closeList || byte === closeObject) this.#depth -= 1;
    if (this.#depth > deepest) {
      throw new WorkbenchError(
        'refused',
        `${this.#name} is nested more than ${deepest} levels deep, as no annotation is.`,
        'It is not a file of annotations; get it again from its source.',
      );
    }
  }

  /** A byte between values. */
  #between(byte: number, position: number): void {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    switch (this.#place) {
      case 'start':
        if (byte === openObject) this.#place = 'name';
        else if (byte === openList) this.#beginList(true);
        else throw this.#broken('it begins with neither { nor [', position);
        return;
      case 'name':
        if (byte === closeObject && !this.#expectsItem) this.#place = 'end';
        else if (byte === quote) {
          this.#from = position;
          this.#inText = true;
        } else throw this.#broken('a name in quotation marks is missing', position);
        return;
      case 'colon':
        if (byte !== colon) throw this.#broken('a colon is missing', position);
        this.#place = 'value';
        return;
      case 'value':
        if (byte === openList) this.#beginList(false);
        else this.#begin(byte, position);
        return;
      case 'item':
        if (byte === closeList && !this.#expectsItem) this.#place = this.#isListFile ? 'end' : 'after-value';
        else if (byte === comma && !this.#expectsItem && this.#index > 0) this.#expectsItem = true;
        else if (this.#index === 0 || this.#expectsItem) this.#begin(byte, position);
        else throw this.#broken('a comma is missing', position);
        return;
      case 'after-value':
        this.#expectsItem = byte === comma;
        if (byte === comma) this.#place = 'name';
        else if (byte === closeObject) this.#place = 'end';
        else throw this.#broken('a comma is missing', position);
        return;
      case 'end':
        throw this.#broken('something follows its end', position);
    }
  }

  #begin(byte: number, position: number): void {
    if (byte === comma || byte === closeList || byte === closeObject) {
      throw this.#broken('a value is missing', position);
    }
    this.#from = position;
    this.#expectsItem = false;
    this.#inside(byte);
  }

  #beginList(isFile: boolean): void {
    this.#isListFile = isFile;
    this.#lists.add(this.#list);
    this.#place = 'item';
    this.#index = 0;
    this.#expectsItem = false;
  }

  #item(piece: Buffer, end: number): JsonItem {
    const inList = this.#place === 'item';
    const item = {
      list: this.#list,
      index: inList ? this.#index : null,
      value: this.#parse(piece, end),
    };
    if (inList) this.#index += 1;
    else this.#place = 'after-value';
    return item;
  }

  #parse(piece: Buffer, end: number): unknown {
    const last = piece.subarray(Math.max(0, this.#from), end);
    const bytes = this.#kept.length > 0 ? Buffer.concat([...this.#kept, last]) : last;
    this.#kept = [];
    this.#keptBytes = 0;
    this.#from = -1;
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch (error) {
      throw this.#broken((error as Error).message, end, error);
    }
  }

  #keep(bytes: Buffer): void {
    this.#kept.push(Buffer.from(bytes));
    this.#keptBytes += bytes.length;
    this.#from = 0;
    if (this.#keptBytes > largestItem) {
      throw new WorkbenchError(
        'too-large',
        `An item of ${this.#name} has more than ${largestItem / 1_000_000} MB.`,
        'It is not a file of annotations; get it again from its source.',
      );
    }
  }

  #broken(detail: string, position = 0, cause?: unknown): WorkbenchError {
    const place =
      this.#place === 'item' ? `${this.#list}[${this.#index}]` : `byte ${this.#offset + position}`;
    return new WorkbenchError(
      'unreadable',
      `${this.#name} is not valid JSON, at ${place}: ${detail}`,
      'Note that NaN and Infinity are not JSON; Python writes them unless allow_nan=False.',
      { cause },
    );
  }
}

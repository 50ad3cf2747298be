/**
 * A dataset's expressions column by column, one row an expression in the order of the dataset. Everything that a
 * filter, an order or a count asks is here as numbers; the workspace stays the truth and gives the rows to show.
 */

import { placeOfId } from '../../../common/sorted-ids';

/** A column of few different values: each row has the number of its value. */
export class CodedColumn<Value extends string | null = string> {
  readonly values: Value[];
  readonly codes: Int32Array;
  readonly #known: Map<Value, number>;
  #ranks: Int32Array | null = null;

  /** `values` by code; the codes are the column's own from here on. */
  constructor(codes: Int32Array, values: readonly Value[] = []) {
    this.codes = codes;
    this.values = [...values];
    this.#known = new Map(values.map((value, code) => [value, code]));
  }

  set(row: number, value: Value): void {
    let code = this.#known.get(value);
    if (code === undefined) {
      code = this.values.push(value) - 1;
      this.#known.set(value, code);
      this.#ranks = null;
    }
    this.codes[row] = code;
  }

  at(row: number): Value | undefined {
    return this.values[this.codes[row] ?? -1];
  }

  /** 1 for each code whose value is wanted. */
  flags(wanted: readonly string[]): Uint8Array {
    return Uint8Array.from(this.values, (value) => Number(value !== null && wanted.includes(value)));
  }

  /** Place of each code's value in the order of SQLite (by bytes of UTF-8), null last. */
  ranks(): Int32Array {
    if (this.#ranks) return this.#ranks;
    const order = this.values.map((value, code) => ({
      bytes: value === null ? null : Buffer.from(value),
      code,
    }));
    order.sort((a, b) => {
      if (a.bytes === null || b.bytes === null) return Number(a.bytes === null) - Number(b.bytes === null);
      return Buffer.compare(a.bytes, b.bytes);
    });
    this.#ranks = new Int32Array(order.length);
    for (const [rank, { code }] of order.entries()) this.#ranks[code] = rank;
    return this.#ranks;
  }
}

/** What one run answered. */
export interface ResultColumns {
  /** NaN: no answer to the text as it is now, or no ground truth to compare with. */
  iou: Float64Array;
  /** 0: not answered; else the number of its type (evaluation/judge.ts). */
  type: Uint8Array;
}

export interface Columns {
  count: number;
  /** Ascending. */
  ids: Int32Array;
  imageIds: Int32Array;
  splits: CodedColumn;
  kinds: CodedColumn;
  categories: CodedColumn;
  reviewStates: CodedColumn;
  failureLabels: CodedColumn<string | null>;
  corrected: Uint8Array;
  words: Int32Array;
}

/** Columns that only some questions need; each is read when it is first asked for. */
export interface MoreColumns {
  results(runId: number): ResultColumns;
  /** All rows in an order by results, kept under its name until results change. */
  order(name: string, make: () => Int32Array): Int32Array;
  /** Place of each row's text, case aside; equal texts have the same. */
  textRanks(): Int32Array;
  /** Attributes with few enough values to choose from, by name. A row without one has null. */
  attributes(): ReadonlyMap<string, CodedColumn<string | null>>;
}

export function emptyColumns(count: number): Columns {
  return {
    count,
    ids: new Int32Array(count),
    imageIds: new Int32Array(count),
    splits: new CodedColumn(new Int32Array(count)),
    kinds: new CodedColumn(new Int32Array(count)),
    categories: new CodedColumn(new Int32Array(count)),
    reviewStates: new CodedColumn(new Int32Array(count)),
    failureLabels: new CodedColumn<string | null>(new Int32Array(count)),
    corrected: new Uint8Array(count),
    words: new Int32Array(count),
  };
}

/** 1 at the rows of these expressions. */
export function rowsOf(ids: Int32Array, expressionIds: ArrayLike<number>): Uint8Array {
  const rows = new Uint8Array(ids.length);
  for (let index = 0; index < expressionIds.length; index += 1) {
    const row = placeOfId(ids, expressionIds[index] ?? 0);
    if (row >= 0) rows[row] = 1;
  }
  return rows;
}

export const notAnswered = 0;

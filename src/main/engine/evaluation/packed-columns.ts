/** Columns of a saved evaluation as they are kept: each packed, and known by the hash of its bytes. */
import { createHash } from 'node:crypto';
import type { Pieces } from '../jobs/pieces';
import { columnFromBytes, packBytes, rawBytes, type Column } from './column-bytes';
import type { Columns } from './kept-inputs';

export interface PackedColumn {
  /** SHA-256 of the bytes. */
  hash: string;
  bytes: Uint8Array;
}
export type PackedColumns = ReadonlyMap<string, PackedColumn>;

/** A column as bytes, not packed yet, and packed. */
interface Known {
  raw: Uint8Array;
  packed: PackedColumn;
}

/**
 * Packs sets of columns that are nearly the same, such as those of the corrected and the original ground truth: what two
 * sets have in common is packed once.
 */
export class ColumnPacker {
  readonly #known = new Map<string, Known>();

  *pack(columns: Columns): Pieces<PackedColumns> {
    yield { begin: 'Packing what it is computed from', total: columns.size };
    const found = new Map<string, PackedColumn>();
    for (const [name, column] of columns) {
      found.set(name, yield* this.#packColumn(name, column));
      yield { done: 1 };
    }
    return found;
  }

  *#packColumn(name: string, column: Column): Pieces<PackedColumn> {
    const raw = rawBytes(column);
    const known = this.#known.get(name);
    if (known && Buffer.compare(known.raw, raw) === 0) return known.packed;
    yield;
    const bytes = packBytes(column, raw);
    yield;
    const packed = { hash: createHash('sha256').update(bytes).digest('hex'), bytes };
    this.#known.set(name, { raw, packed });
    return packed;
  }
}

/** Throws `damaged` for what `ColumnPacker` has not made. */
export function* unpackColumns(packed: ReadonlyMap<string, Uint8Array>): Pieces<Columns> {
  yield { begin: 'Reading what was kept', total: packed.size };
  const columns = new Map<string, Column>();
  for (const [name, bytes] of packed) {
    columns.set(name, columnFromBytes(bytes));
    yield { done: 1 };
  }
  return columns;
}

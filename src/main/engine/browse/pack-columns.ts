/** A dataset's columns as they are kept on the disk, and back. */
import type { StoredColumn, StoredColumns } from './column-store';
import { CodedColumn, type Columns, type ResultColumns } from './columns';

const codedNames = ['splits', 'kinds', 'categories', 'reviewStates', 'failureLabels'] as const;

export function packExpressions(columns: Columns): StoredColumns {
  const { ids, imageIds, corrected, words } = columns;
  const coded = codedNames.map((name) => packCoded(name, columns[name]));
  return Object.assign({ ids, imageIds, corrected, words }, ...coded) as StoredColumns;
}

export function unpackExpressions(stored: StoredColumns): Columns {
  const ids = stored['ids'] as Int32Array;
  const coded = (name: (typeof codedNames)[number]) => unpackCoded(name, stored) as CodedColumn;
  return {
    count: ids.length,
    ids,
    imageIds: stored['imageIds'] as Int32Array,
    splits: coded('splits'),
    kinds: coded('kinds'),
    categories: coded('categories'),
    reviewStates: coded('reviewStates'),
    failureLabels: unpackCoded('failureLabels', stored),
    corrected: stored['corrected'] as Uint8Array,
    words: stored['words'] as Int32Array,
  };
}

export function packResults({ iou, type }: ResultColumns): StoredColumns {
  return { iou, type };
}

export function unpackResults(stored: StoredColumns): ResultColumns {
  return { iou: stored['iou'] as Float64Array, type: stored['type'] as Uint8Array };
}

export function packAttributes(columns: ReadonlyMap<string, CodedColumn<string | null>>): StoredColumns {
  const names = [...columns.keys()];
  const coded = [...columns.values()].map((column, place) => packCoded(String(place), column));
  return Object.assign({ names: { plain: names } }, ...coded) as StoredColumns;
}

export function unpackAttributes(stored: StoredColumns): Map<string, CodedColumn<string | null>> {
  const names = plainOf(stored['names']) as string[];
  return new Map(names.map((name, place) => [name, unpackCoded(String(place), stored)]));
}

/** Few values are kept as a byte a row. */
const mostByteCodes = 256;

function packCoded(name: string, { codes, values }: CodedColumn | CodedColumn<string | null>): StoredColumns {
  const small = values.length <= mostByteCodes ? Uint8Array.from(codes) : codes;
  return { [`${name} codes`]: small, [`${name} values`]: { plain: values } };
}

function unpackCoded(name: string, stored: StoredColumns): CodedColumn<string | null> {
  const codes = stored[`${name} codes`] as Uint8Array | Int32Array;
  const values = plainOf(stored[`${name} values`]) as (string | null)[];
  return new CodedColumn(codes instanceof Int32Array ? codes : Int32Array.from(codes), values);
}

function plainOf(column: StoredColumn | undefined): unknown {
  return column && 'plain' in column ? column.plain : null;
}

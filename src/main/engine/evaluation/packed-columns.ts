/**
 * Two columns of counts in one, so that resampling adds both up at once. Most columns are counts (how many answers
 * about an image are right), and their sums stay far below the 53 bits that a number holds exactly.
 */

/** The second column of a pair counts so many times. */
const shift = 2 ** 26;

export interface PackedColumns {
  /** To be added up in place of the columns. */
  columns: Float64Array[];
  /** From the sums of `columns` those of the original ones, in their order. */
  unpack(sums: readonly Float64Array[]): Float64Array[];
}

/** Whether the entries are counts of which `drawn`, whichever they are, come to less than the shift. */
function holdsCounts(column: Float64Array, drawn: number): boolean {
  let highest = 0;
  for (const value of column) {
    if (value < 0 || !Number.isInteger(value)) return false;
    if (value > highest) highest = value;
  }
  return highest * drawn < shift;
}

/** `drawn`: as many entries, with repetitions, are added up at most. */
export function packColumns(columns: readonly Float64Array[], drawn: number): PackedColumns {
  const counts = columns.filter((column) => holdsCounts(column, drawn));
  const first = counts.slice(0, Math.floor(counts.length / 2));
  const second = counts.slice(first.length, 2 * first.length);
  const paired = new Set([...first, ...second]);
  const others = columns.filter((column) => !paired.has(column));
  const packed = first.map((column, pair) => {
    const other = second[pair];
    return column.map((value, place) => value + shift * (other?.[place] ?? 0));
  });
  return {
    columns: [...packed, ...others],
    unpack(sums) {
      const found = new Map<Float64Array, Float64Array>();
      first.forEach((column, pair) => {
        const both = sums[pair] ?? new Float64Array(0);
        const upper = both.map((sum) => Math.floor(sum / shift));
        const other = second[pair];
        if (other) found.set(other, upper);
        found.set(
          column,
          both.map((sum, draw) => sum - shift * (upper[draw] ?? 0)),
        );
      });
      others.forEach((column, place) => {
        const own = sums[first.length + place];
        if (own) found.set(column, own);
      });
      return columns.map((column) => found.get(column) ?? new Float64Array(0));
    },
  };
}

/**
 * Columns as whole numbers in digits of 15 bits, which a processor multiplies and adds eight at a time, and whose sums
 * are the same in whatever order they are made. Counts, and areas in pixels, are kept exactly. Of other numbers, with
 * two digits at least 29 bits are kept, with three 44: what is cut off is below 1e-9 and 1e-13 of the largest value, and
 * of a mean over many images less.
 */

const digitBits = 15;
const base = 2 ** digitBits;
const mostDigits = 3;

export interface FixedPoint {
  /** The lowest digit first: each from 0 below `base`, the highest with the sign. */
  digits: Int16Array[];
  /** A value is its whole number divided by this; a power of two. */
  scale: number;
}

/** `places`: entries of each digit, at least as many as the column has; those beyond it are 0. */
export function toFixedPoint(column: Float64Array, places: number, digitsOfOthers: 2 | 3): FixedPoint {
  let highest = 0;
  let areWhole = true;
  for (const value of column) {
    const size = Math.abs(value);
    if (size > highest) highest = size;
    areWhole &&= Number.isInteger(value);
  }
  const wanted = areWhole ? wholeDigits(highest) : digitsOfOthers;
  const scale = areWhole && highest < base ** wanted ? 1 : scaleFor(highest, wanted);
  const digits = Array.from({ length: wanted }, () => new Int16Array(places));
  column.forEach((value, place) => {
    let rest = Math.round(value * scale);
    for (const [index, digit] of digits.entries()) {
      const upper = index === wanted - 1 ? 0 : Math.floor(rest / base);
      digit[place] = rest - upper * base;
      rest = upper;
    }
  });
  return { digits, scale };
}

/** Digits that a whole number of this size needs, as far as there are so many. */
function wholeDigits(highest: number): number {
  let digits = 1;
  while (digits < mostDigits && highest >= base ** digits) digits += 1;
  return digits;
}

/** The largest power of two by which the highest value stays below what so many digits hold. */
function scaleFor(highest: number, digits: number): number {
  const exponent = Math.floor(Math.log2(highest || 1)) + 1;
  const scale = 2 ** (digitBits * digits - exponent);
  return Math.round(highest * scale) < base ** digits ? scale : scale / 2;
}

/** From the sums of the digits the sums of the values. */
export function fromDigitSums(sums: readonly Float64Array[], { scale }: FixedPoint): Float64Array {
  const total = new Float64Array(sums[0]?.length ?? 0);
  for (const digit of sums.toReversed()) {
    for (let at = 0; at < total.length; at += 1) total[at] = (total[at] ?? 0) * base + (digit[at] ?? 0);
  }
  return total.map((sum) => sum / scale);
}

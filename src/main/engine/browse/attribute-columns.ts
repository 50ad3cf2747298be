/** Columns of the attributes that a dataset gives its expressions, as far as they have few values to choose from. */
import { CodedColumn } from './columns';

type Entries = [string, string | number | boolean][];

/** An attribute with more different values is a measurement or a name, nothing to choose from. */
const mostValues = 40;
/** Many expressions have the same attributes: so many different ones are parsed once only. */
const mostParsed = 10_000;

export class AttributeColumns {
  readonly #count: number;
  readonly #columns = new Map<string, CodedColumn<string | null>>();
  readonly #unfit = new Set<string>();
  readonly #parsed = new Map<string, Entries>();

  constructor(count: number) {
    this.#count = count;
  }

  /** `json`: the attributes of a row, as they are stored. */
  add(row: number, json: string): void {
    for (const [name, value] of this.#entriesOf(json)) {
      if (this.#unfit.has(name)) continue;
      let column = this.#columns.get(name);
      if (!column) {
        column = new CodedColumn<string | null>(new Int32Array(this.#count));
        // Code 0, which every row has at first.
        column.set(0, null);
        this.#columns.set(name, column);
      }
      column.set(row, String(value));
      // Fractions are measurements.
      const isFraction = typeof value === 'number' && !Number.isInteger(value);
      if (isFraction || column.values.length > mostValues + 1) {
        this.#unfit.add(name);
        this.#columns.delete(name);
      }
    }
  }

  /** By name; those with two values or more. */
  columns(): Map<string, CodedColumn<string | null>> {
    const chosen = [...this.#columns].filter(([, column]) => column.values.length > 2);
    return new Map(chosen.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #entriesOf(json: string): Entries {
    let entries = this.#parsed.get(json);
    if (!entries) {
      entries = Object.entries(JSON.parse(json) as Record<string, string | number | boolean>);
      if (this.#parsed.size < mostParsed) this.#parsed.set(json, entries);
    }
    return entries;
  }
}

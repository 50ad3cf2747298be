/** A part of a dataset's columns: taken from the disk where it is kept there, or else read in pieces. */
import { InPieces } from './in-pieces';
import type { StoredColumns } from './column-store';

export type PartName = { what: 'expressions' | 'attributes' | 'texts' | 'run'; id: number };

/** Where parts are kept between one start and the next. */
export interface PartKeeper {
  /** The part as the workspace has it now; null where it is not kept, or no longer so. */
  load(part: PartName): StoredColumns | null;
  /** Writes it in pieces; it counts as kept if `isCurrent` holds at the end. */
  save(part: PartName, columns: StoredColumns, isCurrent: () => boolean): Generator<void, boolean>;
}

export interface PartSource<Value> {
  part: PartName;
  read(): Generator<void, Value>;
  pack(value: Value): StoredColumns;
  unpack(stored: StoredColumns): Value;
}

/** What changes so many times while it is read is read at one go. */
const mostBeginnings = 4;

export class KeptPart<Value> {
  readonly #source: PartSource<Value>;
  readonly #keeper: PartKeeper;
  readonly #work: InPieces<Value>;
  #isMade = false;
  #beginnings = 0;
  #changes = 0;
  #keptChanges: number | null = null;

  constructor(source: PartSource<Value>, keeper: PartKeeper) {
    this.#source = source;
    this.#keeper = keeper;
    this.#work = new InPieces(() => this.#begin());
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /** Makes one piece more; true: there is none left. */
  step(): boolean {
    if (this.#beginnings >= mostBeginnings) this.value();
    this.#isMade = this.#work.step();
    return this.#isMade;
  }

  value(): Value {
    const value = this.#work.value();
    this.#isMade = true;
    return value;
  }

  /** It has changed in a way that only reading tells. */
  forget(): void {
    this.#changes += 1;
    this.#isMade = false;
    this.#work.forget();
  }

  /** Its value, changed in place where it was made, is that of the workspace again; else it is read anew. */
  follow(change: (value: Value) => void): void {
    if (!this.#isMade) {
      this.forget();
      return;
    }
    this.#changes += 1;
    change(this.value());
  }

  /** Writes in pieces what is not kept as it is now. `follow` takes in what the workspace has changed. */
  *keep(follow: () => boolean): Generator<void, void> {
    if (!this.#isMade || this.#keptChanges === this.#changes) return;
    const changes = this.#changes;
    const columns = this.#source.pack(this.value());
    const isCurrent = () => follow() && changes === this.#changes;
    if (yield* this.#keeper.save(this.#source.part, columns, isCurrent)) this.#keptChanges = changes;
  }

  *#begin(): Generator<void, Value> {
    this.#beginnings += 1;
    const stored = this.#keeper.load(this.#source.part);
    if (stored) {
      this.#beginnings = 0;
      this.#keptChanges = this.#changes;
      return this.#source.unpack(stored);
    }
    const value = yield* this.#source.read();
    this.#beginnings = 0;
    return value;
  }
}

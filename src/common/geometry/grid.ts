/**
 * What a picture, a mask and a map have in common: so many rows of so many values. They are made here and nowhere else.
 *
 * A class with whole numbers instead of object literals, because of a fault in V8 (seen in Node 24): compiled code may
 * let two literals of one place share the box of a field that holds a double, so that a picture of 224 pixels said 64
 * as soon as a crop of 64 was made, in one of some thirty short runs on a busy machine. Small whole numbers have no box.
 */
export class Grid<Data extends ArrayLike<number>> {
  readonly width: number;
  readonly height: number;
  /** Row-major. */
  readonly data: Data;

  constructor(width: number, height: number, data: Data) {
    this.width = width | 0;
    this.height = height | 0;
    this.data = data;
  }
}

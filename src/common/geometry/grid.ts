/**
 * What a picture, a mask and a map have in common: so many rows of so many values. They are made here and nowhere else.
 *
 * A class that holds whole numbers, instead of object literals: numbers that fill a box of their own have once been
 * shared by two pictures (engine/compiler.ts), and a picture that contradicts itself still looks like one to a model.
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

/** A decoded picture: RGB, 8 bit, row-major, EXIF orientation applied. `data` has width·height·3 bytes. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

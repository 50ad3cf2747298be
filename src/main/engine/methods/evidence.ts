/** Evidence as it is stored: small and with nothing lost that a person can see. */
import type { GridMap } from '../../../common/contract';
import type { FloatMap } from '../imaging/axis';
import { rangeOf } from '../imaging/maps';

/** A map in 256 steps. Only the highest value itself gets the last step, so that the peak stays where it is. */
export function gridMap(map: FloatMap): GridMap {
  const { minimum, maximum } = rangeOf(map);
  const range = maximum - minimum;
  const bytes = new Uint8Array(map.data.length);
  if (range > 0) {
    for (let index = 0; index < bytes.length; index += 1) {
      const value = map.data[index]!;
      bytes[index] = value === maximum ? 255 : Math.min(254, Math.round(((value - minimum) / range) * 255));
    }
  }
  return {
    width: map.width,
    height: map.height,
    minimum,
    maximum,
    values: Buffer.from(bytes.buffer).toString('base64'),
  };
}

/** How many times as long one side takes as the other, from pairs of seconds, with a 95% interval. */
import { RandomNumbers } from '../../src/main/engine/evaluation/random-numbers';

const draws = 2_000;

/** Sum of `slow` over the sum of `fast`, such as "2.61 × (2.50–2.71)"; the interval by resampling the pairs. */
export function bootstrapRatio(slow: readonly number[], fast: readonly number[]): string {
  const random = new RandomNumbers(1);
  const drawn = new Uint32Array(slow.length);
  const ratioOf = (indices: ArrayLike<number>) => {
    let above = 0;
    let below = 0;
    for (let place = 0; place < indices.length; place += 1) {
      const index = indices[place]! % slow.length;
      above += slow[index]!;
      below += fast[index]!;
    }
    return above / below;
  };
  const ratios = new Float64Array(draws).map(() => {
    random.fill(drawn);
    return ratioOf(drawn);
  });
  ratios.sort();
  const at = (share: number) => ratios[Math.floor(share * (draws - 1))]!.toFixed(2);
  return `${ratioOf(slow.map((_, index) => index)).toFixed(2)} × (${at(0.025)}–${at(0.975)})`;
}

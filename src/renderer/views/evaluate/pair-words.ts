/** What a paired comparison says, in words and numbers. Pure. */
import { formatCount } from '../../composables/format';
import type { Estimate, PairedDifference } from '../../../common/contract';
import { points, pValueText, signedInterval, signedPoints } from './format';

/** Whether the 95% interval leaves out no difference. */
export function isShown({ low, high }: Estimate): boolean {
  return low > 0 || high < 0;
}

/**
 * "RisCLIP is better than YOLO+CLIP.", or that no difference is shown; `metric` as it is called. `corrected`: McNemar's
 * p-value by Holm and the number of pairs, where the metric has that test: among many pairs some differ by chance.
 */
export function pairSentence(
  first: string,
  second: string,
  difference: Estimate,
  metric: string,
  corrected: { pValue: number; pairs: number } | null = null,
): string {
  if (!isShown(difference)) return `No difference shown between ${first} and ${second} in ${metric}.`;
  const [better, worse] = difference.value > 0 ? [first, second] : [second, first];
  if (corrected && corrected.pairs > 1 && corrected.pValue >= 0.05) {
    return `${better} is ahead of ${worse} in ${metric}, but no more than chance explains among ${corrected.pairs} pairs.`;
  }
  return `${better} is better than ${worse} in ${metric}.`;
}

/** The difference with its interval, as it stands in a paper. */
export function differenceWords(difference: Estimate): string {
  return `${signedPoints(difference.value)} points (95% interval ${signedInterval(difference)})`;
}

/** McNemar's test before and after Holm's correction. */
export function testWords({ pValue, correctedPValue }: PairedDifference, pairs: number): string {
  const corrected = pairs > 1 ? `; ${pValueText(correctedPValue)} by Holm for ${pairs} pairs` : '';
  return `McNemar, exact: ${pValueText(pValue)}${corrected}`;
}

/** What so many images could show at all. */
export function powerWords(detectable: number, images: number): string {
  return `${formatCount(images)} images would show a true difference of ${points(detectable)} points four times in five.`;
}

/** The rows of the table of results: every metric of an evaluation, in groups, the same in every format of a report. */
import {
  metricDescriptions,
  type Estimate,
  type MetricGroup,
  type MetricName,
  type RunEvaluation,
} from '../../../common/contract';

/** What a cell of a table can hold. */
export type Result = Estimate | number | null | undefined;

export interface MetricRow {
  title: string;
  of(run: RunEvaluation): Estimate | number | null;
}

/** A score with its interval by resampling, or Wilson's, or none. */
function scoreOf(run: RunEvaluation, name: MetricName): Estimate | number | null {
  const score = run.scores[name];
  if (!score) return null;
  if (score.low !== null && score.high !== null) {
    return { value: score.value, low: score.low, high: score.high };
  }
  return score.wilson ? { value: score.value, ...score.wilson } : score.value;
}

const metricTitles: Partial<Record<MetricGroup, string>> = {
  box: 'Boxes',
  mask: 'Masks, at the images’ own resolution',
  proposals: 'Proposals',
  map: 'Maps',
  confidence: 'Confidence (less is better)',
  'no-referent': 'Expressions without a referent',
};

export const metricGroups = Object.entries(metricTitles).map(([group, title]) => ({
  title,
  rows: metricDescriptions
    .filter((metric) => metric.group === group)
    .map(({ name, label, ...rest }): MetricRow & { lowerIsBetter: boolean } => ({
      title: label,
      of: (run) => scoreOf(run, name),
      lowerIsBetter: 'lowerIsBetter' in rest,
    })),
}));

export function valueOf(result: Estimate | number | null): number | null {
  return typeof result === 'number' || result === null ? result : result.value;
}

/** Position of the one run that leads; -1 where nobody leads alone, or a draw. */
export function leaderOf(results: readonly Result[], lowerIsBetter = false): number {
  const values = results.map((result) => valueOf(result ?? null));
  const known = values.filter((value) => value !== null);
  const best = lowerIsBetter ? Math.min(...known) : Math.max(...known);
  const leads = known.length > 1 && known.filter((value) => value === best).length === 1;
  return leads ? values.indexOf(best) : -1;
}

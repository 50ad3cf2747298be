/** `--fail-under method:metric=value`: what a run must reach for a pipeline to go on. */
import {
  metricDescriptions,
  metricNames,
  methodIds,
  methodNames,
  type Evaluation,
  type MethodId,
  type MetricName,
} from '../../../common/contract';
import type { Session } from './session';
import { UsageError } from './usage';

/** The option, the same wherever it is taken. */
export const failUnderOption = {
  'fail-under': {
    type: 'string',
    value: '<limits>',
    help: 'method:metric=value, several with commas: end with 4 where a run does not reach it',
  },
} as const;

export interface Limit {
  method: MethodId;
  metric: MetricName;
  /** As the metric is given: a share from 0 to 1. */
  value: number;
}

function limitOf(text: string): Limit {
  const [, method, metric, number] = /^([^:]+):([^=]+)=(.+)$/.exec(text.trim()) ?? [];
  const foundMethod = methodIds.find((one) => one === method);
  const foundMetric = metricNames.find((one) => one === metric);
  const value = Number(number);
  if (!foundMethod || !foundMetric || !Number.isFinite(value)) {
    throw new UsageError(
      `--fail-under wants method:metric=value, not "${text}".`,
      `Methods: ${methodIds.join(', ')}. Metrics: ${metricNames.join(', ')}.`,
    );
  }
  return { method: foundMethod, metric: foundMetric, value };
}

/** `a:b=1,c:d=2` as limits; none where the option is absent. */
export function limitsOf(text: string | undefined): Limit[] {
  return text === undefined ? [] : text.split(',').map(limitOf);
}

/** In words, each limit that a run of its method does not keep; of metrics where less is better, that it exceeds. */
export function brokenLimits(evaluation: Evaluation, limits: readonly Limit[]): string[] {
  return limits.flatMap(({ method, metric, value }) => {
    const runs = evaluation.runs.filter((run) => run.method === method);
    const description = metricDescriptions.find(({ name }) => name === metric);
    const label = `${methodNames[method]}: ${description?.label ?? metric}`;
    if (runs.length === 0) return [`${label} is not there: no run of the method was evaluated`];
    return runs.flatMap((run) => {
      const score = run.scores[metric];
      if (!score) return [`${label} is not there: run ${run.runId} has no such number`];
      const lowerIsBetter = description !== undefined && 'lowerIsBetter' in description;
      if (lowerIsBetter ? score.value <= value : score.value >= value) return [];
      const side = lowerIsBetter ? 'above' : 'below';
      return [`${label} is ${score.value.toFixed(4)}, ${side} ${value}`];
    });
  });
}

/** Says which limits the evaluation does not keep; returns the exit code. */
export function checkLimits(session: Session, evaluation: Evaluation, limits: readonly Limit[]): number {
  const broken = brokenLimits(evaluation, limits);
  session.output.result('limits', { limits, broken });
  for (const sentence of broken) session.output.say(`${sentence}.`);
  return broken.length > 0 ? 4 : 0;
}

/** Numbers, runs and comparisons of an evaluation in words. Plain text: whoever puts it into HTML escapes it. */
import { countOf } from '../../../common/amounts';
import {
  methodNameOf,
  type Estimate,
  type Evaluation,
  type Metrics,
  type PairedDifference,
  type RunEvaluation,
  type Slice,
} from '../../../common/contract';

/** 0.8437 → "84.4": a share in percent; the unit stands in the heading. */
export function percent(value: number | null): string {
  return value === null ? '–' : (value * 100).toFixed(1);
}

/** "81.9–86.7" */
export function interval({ low, high }: Pick<Estimate, 'low' | 'high'>): string {
  return `${percent(low)}–${percent(high)}`;
}

/** 9602 → "9,602" */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** "p < 0.001", "p = 0.043" */
export function pValue(value: number): string {
  return value < 0.001 ? 'p < 0.001' : `p = ${value.toFixed(3)}`;
}

/** "a, b and c" */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** The method's name; with the run's number where the method appears more than once. */
export function runName(evaluation: Evaluation, runId: number): string {
  const run = evaluation.runs.find((one) => one.runId === runId);
  if (!run) return `run ${runId}`;
  const name = methodNameOf(run);
  const alone = evaluation.runs.filter((one) => methodNameOf(one) === name).length === 1;
  return alone ? name : `${name}, run ${runId}`;
}

/** "test split", "all splits" */
export function splitWords(evaluation: Evaluation): string {
  return evaluation.dataset.split === null ? 'all splits' : `${evaluation.dataset.split} split`;
}

/** By what a section's numbers were measured, in one line; the protocol's own section says more. */
export function protocolWords(evaluation: Evaluation): string {
  const { protocol } = evaluation;
  const parts = [
    `${evaluation.dataset.name}, ${splitWords(evaluation)}`,
    `ground truth: ${groundTruthWords(evaluation)}`,
    protocol.boxMatch,
    protocol.coverage === 'common'
      ? 'what every method has answered'
      : 'a missing prediction counts as IoU 0',
    `each ${protocol.unit} counts once`,
  ];
  return `${parts.join('; ')}.`;
}

/** "corrected, revision 3 (2 expressions corrected)" */
export function groundTruthWords({ protocol }: Evaluation): string {
  if (protocol.groundTruth === 'original') return 'as imported, without corrections';
  const corrected =
    protocol.corrections === 0
      ? 'nothing corrected'
      : `${countOf(protocol.corrections, 'expression')} corrected`;
  return `revision ${protocol.revision} (${corrected})`;
}

/** "398 expressions on 100 images" */
export function unitWords(evaluation: Evaluation): string {
  const overall = evaluation.runs[0]?.overall;
  if (!overall) return 'nothing';
  return `${countOf(overall.count, evaluation.protocol.unit)} on ${countOf(overall.images, 'image')}`;
}

/** "Expressions" */
export function unitHead({ protocol }: Evaluation): string {
  return { expression: 'Expressions', referent: 'Referents', image: 'Images' }[protocol.unit];
}

/** What the kinds of an evaluation are, with each kind's slice of every run (undefined where a run has none). */
export function slicesOfRuns(
  evaluation: Evaluation,
  slicesOf: (run: RunEvaluation) => readonly Slice[],
): { value: string; metrics: (Metrics | undefined)[] }[] {
  const values = new Set(evaluation.runs.flatMap((run) => slicesOf(run).map((slice) => slice.value)));
  return [...values].map((value) => ({
    value,
    metrics: evaluation.runs.map((run) => slicesOf(run).find((slice) => slice.value === value)?.metrics),
  }));
}

/** Runs, best Acc@0.5 first. */
function ranked(evaluation: Evaluation): RunEvaluation[] {
  return [...evaluation.runs].sort((a, b) => b.overall.accuracy50.value - a.overall.accuracy50.value);
}

export interface PairWords {
  /** The outcome: "RisCLIP is better than BLIP+SAM." */
  verdict: string;
  /** The numbers behind it. */
  detail: string;
  /** What difference so many images could have shown. */
  power: string;
  shown: boolean;
}

/** A difference is shown where its interval, by resampling images, does not hold 0. */
export function pairWords(evaluation: Evaluation, pair: PairedDifference): PairWords {
  const { difference, onlyA, onlyB } = pair;
  const a = runName(evaluation, pair.runA);
  const b = runName(evaluation, pair.runB);
  const ahead = difference.value >= 0;
  const [better, worse] = ahead ? [a, b] : [b, a];
  const [onlyBetter, onlyWorse] = ahead ? [onlyA, onlyB] : [onlyB, onlyA];
  const [low, high] = ahead ? [difference.low, difference.high] : [-difference.high, -difference.low];
  const shown = low > 0;
  return {
    verdict: shown ? `${better} is better than ${worse}.` : `No difference shown between ${a} and ${b}.`,
    detail:
      `${better} minus ${worse}: ${signed(Math.abs(difference.value))} points of Acc@0.5 ` +
      `(95% interval ${signed(low)} to ${signed(high)}). ` +
      `Right where the other is wrong: ${better} on ${count(onlyBetter)}, ${worse} on ${count(onlyWorse)} ` +
      `(exact McNemar test, ${pValue(pair.pValue)}${correctedWords(evaluation, pair)}).`,
    power:
      `So many images show a true difference of ${percent(pair.detectable)} points or more four times in five; ` +
      'a smaller one may well stay hidden.',
    shown,
  };
}

/** ", corrected for 3 comparisons p = 0.060" */
function correctedWords({ pairs }: Evaluation, pair: PairedDifference): string {
  return pairs.length > 1
    ? `; corrected for ${pairs.length} comparisons ${pValue(pair.correctedPValue)}`
    : '';
}

/** 0.032 → "+3.2", with a true minus sign. */
export function signed(value: number): string {
  const text = percent(Math.abs(value));
  if (text === '0.0') return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** The results in a few sentences, the most important first. */
export function summary(evaluation: Evaluation): string[] {
  const [best, ...others] = ranked(evaluation);
  if (!best) return [];
  const name = (run: RunEvaluation) => runName(evaluation, run.runId);
  const reached = ({ overall }: RunEvaluation, intervalName = '') =>
    `${percent(overall.accuracy50.value)}% (${intervalName}${interval(overall.accuracy50)})`;
  const sentences = [
    `${name(best)} finds the referent for ${reached(best, '95% interval ')} of ${unitWords(evaluation)}` +
      (others.length > 0 ? `, ${listed(others.map((run) => `${name(run)} for ${reached(run)}`))}.` : '.'),
  ];
  const { chance } = best.overall;
  if (chance !== null) {
    sentences.push(
      `Choosing at random among the objects of the right category would find ${percent(chance)}% of them.`,
    );
  }
  const second = others[0];
  const pair =
    second &&
    evaluation.pairs.find(({ runA, runB }) =>
      [runA, runB].every((id) => id === best.runId || id === second.runId),
    );
  if (pair) sentences.push(pairWords(evaluation, pair).verdict);
  sentences.push(...absentSentences(evaluation));
  return [...sentences, ...stageSentences(evaluation), ...kindSentences(evaluation)];
}

/** Whether the methods notice that there is nothing to find. */
function absentSentences(evaluation: Evaluation): string[] {
  const rates = evaluation.runs.flatMap((run) =>
    run.noReferent
      ? [`${runName(evaluation, run.runId)} notices ${percent(run.noReferent.detection.value)}%`]
      : [],
  );
  const [first] = evaluation.runs.flatMap((run) => run.noReferent ?? []);
  if (!first) return [];
  return [`Of ${countOf(first.count, 'expression')} that nothing in the picture fits, ${listed(rates)}.`];
}

/** How far a method's first stage would let it come. */
function stageSentences(evaluation: Evaluation): string[] {
  return evaluation.runs.flatMap((run) => {
    const name = runName(evaluation, run.runId);
    const { proposalRecall, pointingAccuracy } = run.overall;
    const sentences: string[] = [];
    if (proposalRecall !== null) {
      sentences.push(
        `${name} proposed the right box in ${percent(proposalRecall)}% of cases, which is its ceiling.`,
      );
    }
    if (pointingAccuracy !== null) {
      sentences.push(`${name}’s map peaks inside the referent’s box in ${percent(pointingAccuracy)}%.`);
    }
    return sentences;
  });
}

function kindSentences(evaluation: Evaluation): string[] {
  const ranges = evaluation.runs.flatMap((run) => {
    const kinds = [...run.byKind].sort((a, b) => b.metrics.accuracy50.value - a.metrics.accuracy50.value);
    const [best, worst] = [kinds[0], kinds.at(-1)];
    if (!best || !worst || best === worst) return [];
    const of = ({ value, metrics }: Slice) => `${percent(metrics.accuracy50.value)}% (${value || 'no kind'})`;
    return [`${runName(evaluation, run.runId)} from ${of(best)} to ${of(worst)}`];
  });
  return ranges.length > 0 ? [`By kind of expression, accuracy ranges: ${listed(ranges)}.`] : [];
}

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** "25 November 2026, 01:20 UTC": the same words on every machine. */
export function dateWords(iso: string): string {
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${time} UTC`;
}

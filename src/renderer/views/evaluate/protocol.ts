/** What every number of an evaluation stands for, in one line: under charts, in files, in saved evaluations. Pure. */
import { formatCount } from '../../composables/format';
import type { Evaluation, EvaluationOptions } from '../../../common/contract';

const coverageWords: Record<EvaluationOptions['coverage'], string> = {
  common: 'only what every run has answered',
  all: 'a missing prediction counts as IoU 0',
};

/** “IoU ≥ threshold”, where files that programs read say `>=`. */
export function matchWords(boxMatch: string): string {
  return boxMatch.replace('>=', '≥');
}

export function protocolLine({ dataset, protocol, runs }: Evaluation): string {
  const count = runs[0]?.overall.count ?? 0;
  const images = runs[0]?.overall.images ?? 0;
  return [
    `${dataset.name} (${dataset.contentHash.slice(0, 12)}), ${dataset.split ?? 'all splits'}`,
    `${formatCount(count)} ${protocol.unit}s, ${formatCount(images)} images`,
    matchWords(protocol.boxMatch),
    coverageWords[protocol.coverage],
    `${protocol.groundTruth} ground truth, revision ${protocol.revision}`,
    protocol.interval,
  ].join(' · ');
}

/** The same of options whose numbers are not at hand. */
export function optionsLine(options: EvaluationOptions): string {
  const { split, unit, comparator, coverage, groundTruth, revision, runIds } = options;
  return [
    split ?? 'all splits',
    `${runIds.length} ${runIds.length === 1 ? 'run' : 'runs'}`,
    `per ${unit}`,
    matchWords(`IoU ${comparator} threshold`),
    coverageWords[coverage],
    groundTruth === 'original' ? 'original ground truth' : `revision ${revision ?? 'newest'}`,
  ].join(' · ');
}

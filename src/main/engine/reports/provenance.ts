/** The sections that say what the numbers are of: protocol, data, models, environment. */
import { countOf } from '../../../common/amounts';
import type { Evaluation } from '../../../common/contract';
import type { Block, Part } from './blocks';
import type { ReportContents } from './contents';
import { count, dateWords, groundTruthWords, runName, unitWords } from './words';

/** {"onnxruntime": "1.30.0"} → "onnxruntime 1.30.0" */
function versionWords(versions: Record<string, string>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

const units: Record<Evaluation['protocol']['unit'], string> = {
  expression: 'Expression: each counts once',
  referent: 'Referent: the mean over its expressions counts once',
  image: 'Image: the mean over its expressions counts once',
};

export function protocolPart({ protocol, computedAt }: Evaluation): Part {
  const coverage =
    protocol.coverage === 'common'
      ? 'Expressions that every method has answered'
      : 'All expressions; a missing prediction counts as IoU 0';
  const terms = [
    { name: 'Box match', value: protocol.boxMatch },
    { name: 'Unit', value: units[protocol.unit] },
    { name: 'Coverage', value: coverage },
    {
      name: 'No answer',
      value: 'A method that gives no box scores IoU 0 and stays in the denominator',
    },
    { name: 'Intervals', value: protocol.interval },
    { name: 'Computed', value: dateWords(computedAt) },
  ];
  return { section: 'protocol', title: 'Protocol', note: '', blocks: [{ kind: 'terms', terms }] };
}

export function dataPart({ evaluation, licences }: ReportContents): Part {
  const { dataset } = evaluation;
  const terms = [
    { name: 'Dataset', value: dataset.name },
    { name: 'Content hash', value: dataset.contentHash, isCode: true },
    { name: 'Split', value: dataset.split ?? 'all splits together' },
    { name: 'Ground truth', value: groundTruthWords(evaluation) },
    { name: 'Counted', value: unitWords(evaluation) },
    { name: 'Licence', value: licences.dataset || 'not given' },
  ];
  return { section: 'data', title: 'Data', note: '', blocks: [{ kind: 'terms', terms }] };
}

export function modelsPart({ evaluation, licences, notes }: ReportContents): Part {
  const blocks = evaluation.runs.flatMap((run): Block[] => [
    {
      kind: 'heading',
      text: `${runName(evaluation, run.runId)}: run ${run.runId}, ${countOf(run.overall.answered, 'expression')} with a box`,
    },
    {
      kind: 'terms',
      terms: [
        ...notes
          .filter(({ runId }) => runId === run.runId)
          .map(({ note }) => ({ name: 'Note', value: note })),
        { name: 'Model pack', value: `${run.packName} (${run.packId} ${run.packVersion})` },
        { name: 'Pack hash', value: run.packHash, isCode: true },
        { name: 'Licence', value: licences.packs[run.packId] || 'not given' },
        { name: 'Settings', value: JSON.stringify(run.settings), isCode: true },
        { name: 'Masks measured', value: count(run.overall.maskCount) },
      ],
    },
  ]);
  return { section: 'models', title: 'Methods and models', note: '', blocks };
}

export function environmentPart(evaluation: Evaluation): Part {
  const { workbench, runs } = evaluation;
  const terms = [
    { name: 'Workbench', value: `${workbench.version} (${versionWords(workbench.versions)})` },
    ...runs.map((run) => ({
      name: runName(evaluation, run.runId),
      value: [run.provider, versionWords(run.versions)].filter(Boolean).join('; '),
    })),
  ];
  return { section: 'environment', title: 'Environment', note: '', blocks: [{ kind: 'terms', terms }] };
}

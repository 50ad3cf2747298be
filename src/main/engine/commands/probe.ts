import {
  blindChoiceNames,
  methodNames,
  samPromptNames,
  textChangeNames,
  type Probe,
  type ProbedAccuracy,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { alignColumns } from '../reports/terminal';
import { interval, percent } from '../reports/words';
import { defineCommand } from './command';
import { datasetOption, findDataset, followJob, unwrap } from './session';
import { wholeNumber } from './values';

/** Tables for the terminal: parts first, then what is answered with little text or none. */
export function formatProbe(probe: Probe): string {
  const { detector, segmenter, blind, text } = probe;
  const parts = [
    ...(detector
      ? [
          ['Detector, AP at IoU 0.5', shown(detector.averagePrecision50)],
          ['Detector, recall at IoU 0.5', shown(detector.recall50)],
        ]
      : []),
    ...segmenter.map(({ prompt, meanIou }) => [
      `SAM from ${samPromptNames[prompt]}, mean mask IoU`,
      shown(meanIou),
    ]),
  ];
  const rows: { name: string; accuracy: ProbedAccuracy }[] = [
    ...blind.map(({ choice, ...accuracy }) => ({ name: blindChoiceNames[choice], accuracy })),
    ...text.map(({ method, change, ...accuracy }) => ({
      name: `${methodNames[method]}, ${textChangeNames[change]}`,
      accuracy,
    })),
  ];
  const kinds = rows[0]?.accuracy.kinds.map(({ kind }) => kind) ?? [];
  const answers = [
    ['Acc@0.5', 'all', ...kinds.map((kind) => kind || 'no kind')],
    ...rows.map(({ name, accuracy }) => [
      name,
      shown(accuracy.accuracy50),
      ...kinds.map((kind) =>
        percent(accuracy.kinds.find((one) => one.kind === kind)?.accuracy50.value ?? null),
      ),
    ]),
  ];
  const head = `${probe.packName} ${probe.packVersion} on ${probe.split ?? 'all splits'}: ${probe.images} images, ${probe.objects} objects, ${probe.expressions} expressions`;
  return [
    head,
    ...(parts.length > 0 ? [alignColumns(parts)] : []),
    ...(rows.length > 0 ? [alignColumns(answers)] : []),
    'Percentages, with 95% intervals from resampled images.',
  ].join('\n\n');
}

const shown = (estimate: ProbedAccuracy['accuracy50']) =>
  `${percent(estimate.value)} (${interval(estimate)})`;

export const probeCommand = defineCommand({
  name: 'probe',
  summary: 'Measure a pack’s detector and SAM alone, and what its methods answer without the text',
  arguments: [],
  options: {
    ...datasetOption,
    split: { type: 'string', value: '<split>', help: 'only this split' },
    pack: { type: 'string', value: '<id>', help: 'model pack; default: the first that can be used' },
    images: { type: 'string', value: '<n>', help: 'only the first n images' },
  },
  examples: ['probe --split test', 'probe --split test --images 50 --json'],
  async run(session, { dataset: wanted, split, pack, images }) {
    const { probes } = session.engine.client;
    const dataset = await findDataset(session, wanted);
    const { jobId } = unwrap(
      await probes.start({
        datasetId: dataset.id,
        split: split ?? null,
        packId: pack ?? null,
        images: wholeNumber('images', images, 1),
      }),
    );
    const job = await followJob(session, jobId);
    const probe = unwrap(await probes.list({})).find(({ id }) => id === job.result?.['probeId']);
    if (!probe) throw new WorkbenchError('internal', 'The probe was not kept.');
    session.output.result('probe', probe);
    session.output.print(formatProbe(probe));
    return 0;
  },
});

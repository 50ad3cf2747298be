import { basename, extname, resolve } from 'node:path';
import { countOf } from '../../../common/amounts';
import { predictionFormats } from '../../../common/contract';
import { defineCommand } from './command';
import { datasetOption, findDataset, unwrap } from './session';
import { oneOf, required, wholeNumber } from './values';

const problemsPrinted = 20;

export const importPredictionsCommand = defineCommand({
  name: 'import-predictions',
  summary: 'Take what another method answered (JSON, CSV, COCO results) as a run of its own',
  arguments: [{ name: 'file', help: 'the predictions' }],
  options: {
    ...datasetOption,
    name: { type: 'string', value: '<name>', help: 'the method’s name; default: the file’s' },
  },
  examples: ['import-predictions qwen-vl.json --name Qwen-VL', 'import-predictions baseline.csv'],
  async run(session, { dataset: wanted, name }, [file = '']) {
    const dataset = await findDataset(session, wanted);
    const path = resolve(file);
    const taken = unwrap(
      await session.engine.client.runs.importPredictions({
        datasetId: dataset.id,
        path,
        name: name ?? basename(path, extname(path)),
      }),
    );
    session.output.result('predictions', taken);
    session.output.print(
      [
        `Run ${taken.runId}: ${countOf(taken.answered, 'expression')} answered, ${taken.rejectedCount} rejected.`,
        ...taken.rejected.slice(0, problemsPrinted).map(({ where, message }) => `  ${where}: ${message}`),
      ].join('\n'),
    );
    return taken.rejectedCount > 0 ? 3 : 0;
  },
});

export const exportPredictionsCommand = defineCommand({
  name: 'export-predictions',
  summary: 'Write a run’s answers to a new file, as JSON, CSV or COCO results',
  arguments: [],
  options: {
    run: { type: 'string', value: '<n>', help: 'number of the run' },
    out: { type: 'string', value: '<file>', help: 'the new file' },
    format: { type: 'string', value: '<format>', help: `${predictionFormats.join(', ')}; default: json` },
  },
  examples: [
    'export-predictions --run 3 --out risclip.json',
    'export-predictions --run 3 --out risclip.csv --format csv',
  ],
  async run(session, { run, out, format }) {
    const written = unwrap(
      await session.engine.client.runs.exportPredictions({
        runId: Number(wholeNumber('run', required('run', run), 1)),
        path: resolve(required('out', out)),
        format: oneOf('format', format ?? 'json', predictionFormats),
      }),
    );
    session.output.result('predictions', written);
    session.output.print(`Wrote ${countOf(written.predictions, 'prediction')} to ${written.path}`);
    return 0;
  },
});

import { resolve } from 'node:path';
import { countOf } from '../../../common/amounts';
import { datasetFormats, type ImportProblem } from '../../../common/contract';
import { defineCommand } from './command';
import { followJob, unwrap } from './session';
import { oneOf } from './values';

const problemsPrinted = 20;

function problemLines(disposition: string, problems: readonly ImportProblem[], total: number): string[] {
  const lines = problems
    .slice(0, problemsPrinted)
    .map(({ where, kind, message }) => `  ${disposition} ${where} (${kind}): ${message}`);
  const more = total - lines.length;
  return more > 0
    ? [...lines, `  … and ${countOf(more, `more ${disposition}`, `more ${disposition}`)}`]
    : lines;
}

export const importCommand = defineCommand({
  name: 'import',
  summary: 'Bring a dataset into the workspace; its format is detected',
  arguments: [{ name: 'path', help: 'folder or file of the dataset' }],
  options: {
    preview: { type: 'boolean', help: 'only say what would be imported, repaired and rejected' },
    format: { type: 'string', value: '<format>', help: datasetFormats.join(', ') },
    images: {
      type: 'string',
      value: '<folder>',
      help: 'where the images are, if not beside the annotations',
    },
    name: { type: 'string', value: '<name>', help: 'the dataset’s name in the workspace' },
  },
  examples: [
    'import refcocog/ --images coco/train2014',
    'import refcocog/ --images coco/train2014 --preview',
    'import photos/expressions.csv --name "My photos"',
  ],
  async run({ engine, output }, { preview, format, images, name }, [path = '']) {
    const source = {
      path: resolve(path),
      format: format === undefined ? null : oneOf('format', format, datasetFormats),
      imagesPath: images === undefined ? null : resolve(images),
      name: name ?? null,
    };
    if (preview) {
      const found = unwrap(await engine.client.datasets.preview(source));
      const { repaired, repairedCount, rejected, rejectedCount } = found;
      output.result('preview', found);
      output.print(
        [
          `${found.name} (${found.format}): ${countOf(found.images, 'image')}, ${countOf(found.referents, 'referent')}, ` +
            `${countOf(found.expressions, 'expression')}; ${repairedCount} repaired, ${rejectedCount} rejected.`,
          ...problemLines('repaired', repaired, repairedCount),
          ...problemLines('rejected', rejected, rejectedCount),
        ].join('\n'),
      );
      return rejectedCount > 0 ? 3 : 0;
    }
    const { jobId } = unwrap(await engine.client.datasets.import(source));
    const job = await followJob({ engine, output }, jobId);
    const datasetId = Number(job.result?.['datasetId']);
    const { repaired, rejected } = unwrap(await engine.client.datasets.problems({ datasetId }));
    output.result('import', { datasetId, repaired, rejected });
    for (const line of [
      ...problemLines('repaired', repaired, repaired.length),
      ...problemLines('rejected', rejected, rejected.length),
    ]) {
      output.print(line);
    }
    return rejected.length > 0 ? 3 : 0;
  },
});

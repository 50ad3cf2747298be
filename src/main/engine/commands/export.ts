import { resolve } from 'node:path';
import { countOf } from '../../../common/amounts';
import { exportFormats, maskForms } from '../../../common/contract';
import { defineCommand } from './command';
import { datasetOption, findDataset, unwrap } from './session';
import { oneOf, required } from './values';

const imageChoices = ['copied', 'named'] as const;

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a dataset with its corrections to a new folder',
  arguments: [],
  options: {
    ...datasetOption,
    out: { type: 'string', value: '<folder>', help: 'the new folder' },
    format: {
      type: 'string',
      value: '<format>',
      help: `${exportFormats.join(', ')}; default: ${exportFormats[0]}`,
    },
    images: {
      type: 'string',
      value: '<how>',
      help: `${imageChoices.join(' or ')}: with copies of the images, or only with their names; default: as is usual for the format`,
    },
    masks: {
      type: 'string',
      value: '<form>',
      help: `${maskForms.join(', ')}: compressed or uncompressed run lengths, or polygons where they are exact (refer, mdetr, coco)`,
    },
    original: { type: 'boolean', help: 'as it was imported, without corrections' },
  },
  examples: [
    'export --out corrected',
    'export --dataset RefCOCOg --format refer --out refcocog-corrected',
    'export --format coco --masks polygons --images copied --out coco',
  ],
  async run(session, { dataset: wanted, out, format, images, masks, original }) {
    const dataset = await findDataset(session, wanted);
    const written = unwrap(
      await session.engine.client.datasets.export({
        datasetId: dataset.id,
        path: resolve(required('out', out)),
        format: oneOf('format', format, exportFormats),
        images: images === undefined ? null : oneOf('images', images, imageChoices) === 'copied',
        masks: oneOf('masks', masks, maskForms),
        groundTruth: original ? 'original' : 'corrected',
      }),
    );
    session.output.result('export', written);
    session.output.print(`Wrote ${countOf(written.expressions, 'expression')} to ${written.path}`);
    for (const warning of written.warnings) session.output.print(warning);
    return 0;
  },
});

import { resolve } from 'node:path';
import { WorkbenchError } from '../../../common/errors';
import { findDataset, unwrap, type Session } from './session';

export interface ExportArguments {
  dataset?: string | undefined;
  out: string;
  format?: string | undefined;
  original: boolean;
}

const formats = ['grounding-jsonl', 'refer', 'mdetr'] as const;

/** `export`: writes a dataset with its corrections (or as it was imported) to a new folder. */
export async function exportCommand(session: Session, given: ExportArguments): Promise<number> {
  const format = formats.find((known) => known === (given.format ?? 'grounding-jsonl'));
  if (!format) {
    throw new WorkbenchError(
      'invalid',
      `"${given.format}" is not an export format.`,
      `Formats: ${formats.join(', ')}`,
    );
  }
  const dataset = await findDataset(session, given.dataset);
  const written = unwrap(
    await session.engine.client.datasets.export({
      datasetId: dataset.id,
      path: resolve(given.out),
      format,
      groundTruth: given.original ? 'original' : 'corrected',
    }),
  );
  session.output.result('export', written);
  session.output.print(`Wrote ${written.expressions} expressions to ${written.path}`);
  return 0;
}

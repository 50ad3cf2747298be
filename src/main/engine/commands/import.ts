import { datasetFormats, type DatasetFormat } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { followJob, unwrap, type Session } from './session';

export interface ImportArguments {
  path: string;
  format?: string | undefined;
  images?: string | undefined;
  name?: string | undefined;
  preview: boolean;
}

/** `import`: shows what is found, repaired and rejected, then imports unless only the preview is wanted. */
export async function importCommand(session: Session, given: ImportArguments): Promise<number> {
  const { engine, output } = session;
  const format = given.format ?? null;
  if (format !== null && !(datasetFormats as readonly string[]).includes(format)) {
    throw new WorkbenchError(
      'invalid',
      `"${format}" is not a format.`,
      `Formats: ${datasetFormats.join(', ')}`,
    );
  }
  const source = {
    path: given.path,
    format: format as DatasetFormat | null,
    imagesPath: given.images ?? null,
    name: given.name ?? null,
  };
  const preview = unwrap(await engine.client.datasets.preview(source));
  output.result('preview', preview);
  output.say(
    `${preview.name} (${preview.format}): ${preview.images} images, ${preview.referents} referents, ` +
      `${preview.expressions} expressions; ${preview.repairedCount} repaired, ${preview.rejectedCount} rejected.`,
  );
  for (const problem of preview.rejected.slice(0, 20)) {
    output.print(`  rejected ${problem.where}: ${problem.message}`);
  }
  if (given.preview) return 0;
  const { jobId } = unwrap(await engine.client.datasets.import(source));
  const job = await followJob(session, jobId);
  output.result('import', job.result);
  return 0;
}

/** Importing what nobody should have written: the error is told, and nothing of it stays in the workspace. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DatasetFormat, ImportPreview } from '../../../../src/common/contract';
import type { ErrorKind } from '../../../../src/common/errors';
import { image, openDatasets, writeFolder } from '../support';

type Files = Parameters<typeof writeFolder>[0];

/** A picture of 40 × 30 that the annotations may name. */
export const picture = image(40, 30);

export async function refused(
  files: Files | string,
  format: DatasetFormat,
  wanted: { kind: ErrorKind; message: RegExp },
): Promise<void> {
  const path = typeof files === 'string' ? files : await writeFolder(files);
  const { import_, preview, service, workspace } = await openDatasets();
  const job = await import_({ path, format });
  expect(job).toMatchObject({ state: 'failed', error: { kind: wanted.kind } });
  expect(job.error?.message).toMatch(wanted.message);
  // Each error says what to do about it.
  expect(job.error?.hint).toMatch(/\w{3}/);
  // Where only the items are wrong, the preview shows which.
  const shown = await preview({ path, format }).catch(({ kind }: { kind: unknown }) => kind);
  if (typeof shown === 'string') expect(shown).toBe(wanted.kind);
  else expect(shown).toMatchObject({ expressions: 0 });
  // Nothing half imported: no dataset, no image that was in the file.
  expect(await service.list({})).toEqual([]);
  const extracted = join(workspace.path, 'extracted-images');
  expect(existsSync(extracted) ? readdirSync(extracted) : []).toEqual([]);
  const row = workspace.database
    .prepare('SELECT (SELECT count(*) FROM images) + (SELECT count(*) FROM referents) AS rows')
    .get();
  expect(row).toEqual({ rows: 0 });
}

/** What an import takes, and why it leaves out the rest: `kind: where` in the order of the files. */
export async function taken(
  files: Files,
  format: DatasetFormat,
): Promise<{ found: ImportPreview; rejected: string[]; repaired: string[] }> {
  const { preview } = await openDatasets();
  const found = await preview({ path: await writeFolder(files), format });
  const shown = (list: ImportPreview['rejected']) => list.map(({ kind, where }) => `${kind}: ${where}`);
  for (const { message } of [...found.rejected, ...found.repaired]) expect(message).toMatch(/\w{3}/);
  return { found, rejected: shown(found.rejected), repaired: shown(found.repaired) };
}

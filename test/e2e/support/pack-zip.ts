/** A model pack that is not the shipped one. */
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { root } from './workbench';

/** A zip of the shipped RisCLIP alone, under an id of its own. */
export async function makePackZip(path: string): Promise<Buffer> {
  const folder = join(root, 'resources', 'models', 'emojiref-small');
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<
    'files' | 'roles' | 'methods' | 'tuning' | 'measured',
    Record<string, { file: string; tokens?: { file: string } }>
  >;
  const roles = Object.fromEntries(
    Object.entries(manifest.roles).filter(([role]) => role.startsWith('risclip')),
  );
  const needed = new Set(
    Object.values(roles).flatMap(({ file, tokens }) => [file, ...(tokens ? [tokens.file] : [])]),
  );
  const files = Object.fromEntries(Object.entries(manifest.files).filter(([name]) => needed.has(name)));
  const own = {
    ...manifest,
    id: 'from-afar',
    name: 'From afar',
    files,
    roles,
    methods: { risclip: manifest.methods['risclip'] },
    measured: [],
    tuning: {},
    variants: {},
  };
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(JSON.stringify(own)), 'manifest.json');
  for (const name of needed) zip.addFile(join(folder, name), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return readFileSync(path);
}

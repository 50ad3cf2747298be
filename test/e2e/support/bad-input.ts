/** Makes what people really bring: datasets, packs and workspaces with something wrong in them. */
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workbench';

const fixtures = join(root, 'test', 'fixtures');

/**
 * A dataset in our own format with one sound image and one of each kind of trouble. Every referent has an expression.
 * What is sound: "the sound one", and "the clipped one" after a repair.
 */
export function makeTroubledDataset(folder: string): string {
  const images = join(folder, 'images');
  mkdirSync(images, { recursive: true });
  const files = ['colour.png', 'truncated.jpg', 'text.png', 'huge.png'];
  for (const file of files) copyFileSync(join(fixtures, 'images', file), join(images, file));
  const lines = (values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const { width, height } = pngSize(join(images, 'colour.png'));
  const image = (id: string, file: string) => ({ id, file: `images/${file}`, width, height, split: 'test' });
  const referent = (id: string, imageId: string, box: number[]) => ({
    id,
    image: imageId,
    category: 'thing',
    box,
  });
  const inside = [1, 1, width / 2, height / 2];
  writeFileSync(
    join(folder, 'dataset.json'),
    JSON.stringify({
      format: 'grounding-jsonl',
      version: 1,
      name: 'Troubled',
      description: '',
      licence: '',
      source: '',
    }),
  );
  writeFileSync(
    join(folder, 'images.jsonl'),
    lines([...files, 'missing.png'].map((file) => image(file, file))),
  );
  writeFileSync(
    join(folder, 'referents.jsonl'),
    lines([
      ...[...files, 'missing.png'].map((file) => referent(`in ${file}`, file, inside)),
      referent('clipped', 'colour.png', [width / 2, height / 2, width * 3, height * 3]),
      referent('outside', 'colour.png', [width * 5, height * 5, 10, 10]),
    ]),
  );
  const expression = (id: string, referentId: string, text: string) => ({
    id,
    referent: referentId,
    text,
    kind: 'test',
  });
  writeFileSync(
    join(folder, 'expressions.jsonl'),
    lines([
      expression('sound', 'in colour.png', 'the sound one'),
      ...[...files.slice(1), 'missing.png'].map((file) =>
        expression(file, `in ${file}`, `the one in ${file}`),
      ),
      expression('clipped', 'clipped', 'the clipped one'),
      expression('outside', 'outside', 'the one outside'),
      expression('long', 'in colour.png', 'very '.repeat(400)),
    ]),
  );
  return folder;
}

function pngSize(file: string): { width: number; height: number } {
  const header = readFileSync(file);
  return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
}

/** A REFER folder whose pickle would run a command. */
export function makeHostileRefer(folder: string): string {
  cpSync(join(fixtures, 'datasets', 'refer-protocol-2'), folder, { recursive: true });
  const hostile = JSON.parse(readFileSync(join(fixtures, 'pickle', 'hostile.json'), 'utf8')) as {
    name: string;
    pickle: string;
  }[];
  const command = hostile.find(({ name }) => name.startsWith('command'))!;
  for (const name of ['refs(umd).p', 'refs(google).p']) {
    writeFileSync(join(folder, name), Buffer.from(command.pickle, 'base64'));
  }
  return folder;
}

/** The bundled pack under another name, with one byte of one model changed. */
export function makeDamagedPack(modelsFolder: string): string {
  const folder = join(modelsFolder, 'damaged');
  mkdirSync(modelsFolder, { recursive: true });
  cpSync(join(root, 'resources', 'models', 'emojiref-small'), folder, { recursive: true });
  const manifestFile = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, unknown>;
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, id: 'damaged', name: 'Damaged pack' }));
  const model = join(folder, 'detector.onnx');
  const bytes = readFileSync(model);
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 1;
  writeFileSync(model, bytes);
  return folder;
}

/** A folder that nobody, root included, may write to. */
export function unwritableFolder(folder: string): string {
  if (process.getuid?.() === 0) return '/sys';
  mkdirSync(folder, { mode: 0o555 });
  return folder;
}

/** Installing packs: from a folder, from a zip, and from zips that are meant to do harm. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../src/common/errors';
import { unpackArchive } from '../../../src/main/engine/models/archive';
import { installPack } from '../../../src/main/engine/models/install';
import { PackStore } from '../../../src/main/engine/models/packs';
import {
  graph,
  soundEntries,
  temporaryFolder,
  writePack,
  writeZip as writeZipTo,
  type MadeManifest,
  type ZipEntry,
} from './pack-folder';

let folder: ReturnType<typeof temporaryFolder>;
let store: PackStore;
let installed: string;

beforeEach(() => {
  folder = temporaryFolder();
  installed = join(folder.path, 'workspace', 'models');
  store = new PackStore(join(folder.path, 'bundled'), installed);
});
afterEach(() => folder.remove());

function install(path: string): Promise<string> {
  return installPack(path, { store });
}

async function kindOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return error instanceof WorkbenchError ? error.kind : String(error);
  }
}

/** Nothing of a refused pack remains, and nothing was written beside the folder of installed packs. */
function expectNothingLeft(): void {
  expect(existsSync(installed) ? readdirSync(installed) : []).toEqual([]);
  expect(readdirSync(folder.path).filter((name) => name.startsWith('escaped'))).toEqual([]);
}

const writeZip = (entries: readonly ZipEntry[]) => writeZipTo(join(folder.path, 'pack.zip'), entries);

/** yazl refuses dangerous names, so they are written as harmless ones of the same length and then replaced. */
async function writeZipWithName(dangerous: string): Promise<string> {
  const harmless = 'x'.repeat(dangerous.length);
  const path = await writeZip([...soundEntries(), { name: harmless, bytes: Buffer.from('harm') }]);
  const content = readFileSync(path).toString('latin1').replaceAll(harmless, dangerous);
  writeFileSync(path, content, 'latin1');
  return path;
}

describe('a sound pack', () => {
  it('is installed from a folder; what its manifest does not list stays away', async () => {
    const source = writePack(join(folder.path, 'source'), 'made', graph('sound'));
    writeFileSync(join(source, 'extra.bin'), 'x');
    expect(await install(source)).toBe('made');
    expect(readdirSync(installed)).toEqual(['made']);
    expect(readdirSync(join(installed, 'made')).sort()).toEqual(['manifest.json', 'text.onnx']);
    expect((await store.get('made')).bundled).toBe(false);
  });

  it.each(['', 'some-folder/'])('is installed from a zip (under “%s”)', async (prefix) => {
    const zip = await writeZip([...soundEntries(prefix), { name: 'README.md', bytes: Buffer.from('hello') }]);
    expect(await install(zip)).toBe('made');
    expect(readdirSync(join(installed, 'made')).sort()).toEqual(['manifest.json', 'text.onnx']);
  });

  it('is not installed twice, nor over a bundled one', async () => {
    await install(await writeZip(soundEntries()));
    expect(await kindOf(install(await writeZip(soundEntries())))).toBe('conflict');
    expect(readdirSync(installed)).toEqual(['made']);
  });
});

describe('refused, with nothing left behind:', () => {
  afterEach(expectNothingLeft);

  it.each(['../escaped.txt', 'a/../../escaped.txt', '/tmp/escaped.txt', 'C:/escaped.txt', '..\\escaped.txt'])(
    'a zip with an entry %s',
    async (name) => {
      expect(await kindOf(install(await writeZipWithName(name)))).toBe('refused');
    },
  );

  it('a zip with a symbolic link', async () => {
    const link = { name: 'link', bytes: Buffer.from('/etc'), mode: 0o120777 };
    expect(await kindOf(install(await writeZip([...soundEntries(), link])))).toBe('refused');
  });

  it('a zip that holds a name twice, also in another case', async () => {
    const again = { name: 'TEXT.onnx', bytes: graph('sound') };
    expect(await kindOf(install(await writeZip([...soundEntries(), again])))).toBe('refused');
    const [, text] = soundEntries();
    if (text) expect(await kindOf(install(await writeZip([...soundEntries(), text])))).toBe('refused');
  });

  it('a zip whose file unpacks to far more than its size', async () => {
    const bomb = { name: 'zeros.bin', bytes: Buffer.alloc(20_000_000) };
    expect(await kindOf(install(await writeZip([...soundEntries(), bomb])))).toBe('refused');
  });

  it('a zip of too many entries, or of too many bytes', async () => {
    const zip = await writeZip(soundEntries());
    const target = join(folder.path, 'target');
    mkdirSync(target);
    expect(await kindOf(unpackArchive(zip, target, { entries: 1, bytes: 1e9, ratio: 200 }))).toBe('refused');
    expect(await kindOf(unpackArchive(zip, target, { entries: 9, bytes: 100, ratio: 200 }))).toBe('refused');
    expect(readdirSync(target)).toEqual([]);
  });

  it('a zip that lies about a size', async () => {
    const zip = await writeZip(soundEntries());
    const content = readFileSync(zip);
    // The central directory says four bytes for each file.
    for (let at = content.indexOf('PK\x01\x02'); at >= 0; at = content.indexOf('PK\x01\x02', at + 1)) {
      content.writeUInt32LE(4, at + 24);
    }
    writeFileSync(zip, content);
    expect(['refused', 'damaged']).toContain(await kindOf(install(zip)));
  });

  it('what is no zip, and a zip that is cut off', async () => {
    const path = join(folder.path, 'pack.zip');
    writeFileSync(path, 'This is not a zip.');
    expect(await kindOf(install(path))).toBe('damaged');
    const whole = readFileSync(await writeZip(soundEntries()));
    writeFileSync(path, whole.subarray(0, whole.length - 30));
    expect(await kindOf(install(path))).toBe('damaged');
  });

  it('a zip or folder without a manifest, or with two', async () => {
    const [manifest, text] = soundEntries();
    if (!manifest || !text) return;
    expect(await kindOf(install(await writeZip([text])))).toBe('unsupported');
    const second = { ...manifest, name: 'b/manifest.json' };
    expect(await kindOf(install(await writeZip([manifest, text, second])))).toBe('unsupported');
    mkdirSync(join(folder.path, 'empty'));
    expect(await kindOf(install(join(folder.path, 'empty')))).toBe('unsupported');
  });

  it('a folder with a link in place of a file', async () => {
    const source = writePack(join(folder.path, 'source'), 'made', graph('sound'), (manifest) => {
      const entry = manifest.files['text.onnx'];
      if (entry) manifest.files['linked.onnx'] = entry;
    });
    symlinkSync(join(source, 'text.onnx'), join(source, 'linked.onnx'));
    expect(await kindOf(install(source))).toBe('refused');
  });

  it('a pack with a missing file, a wrong hash, or a graph that is not loaded', async () => {
    const listed = (manifest: MadeManifest) => {
      const entry = manifest.files['text.onnx'];
      if (entry) manifest.files['missing.onnx'] = entry;
    };
    expect(await kindOf(install(await writeZip(soundEntries('', listed))))).toBe('model-missing');
    const wrong = (manifest: MadeManifest) => {
      manifest.files['text.onnx'] = { bytes: graph('sound').length, sha256: '0'.repeat(64) };
    };
    expect(await kindOf(install(await writeZip(soundEntries('', wrong))))).toBe('model-damaged');
    expect(await kindOf(install(writePack(join(folder.path, 'source'), 'made', graph('truncated'))))).toBe(
      'model-damaged',
    );
    expect(
      await kindOf(install(writePack(join(folder.path, 'source'), 'evil', graph('external-above')))),
    ).toBe('refused');
  });

  it('a path that does not exist keeps the error of the system', async () => {
    await expect(install(join(folder.path, 'nowhere.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

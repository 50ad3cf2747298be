import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFormats } from '../../../src/common/contract';
import type { Job, Work } from '../../../src/common/contract';
import { sharedOptions } from '../../../src/main/engine/commands/help';
import { commands, main } from '../../../src/main/engine/commands/main';
import { createOutput, duration, progressLine } from '../../../src/main/engine/commands/output';
import { findElectron } from '../../../src/main/engine/printing/find-electron';
import { version } from '../../../package.json';
import { ThumbnailStore } from '../../../src/main/engine/expressions/thumbnail-store';
import { temporaryFolder } from '../../support/workspace';
import { silent } from '../datasets/support';

const resources = resolve('resources');
const refer = resolve('test/fixtures/datasets/refer-protocol-2');
const demoImages = join(resources, 'datasets', 'emojiref', 'images');

interface Told {
  code: number;
  out: string;
  err: string;
  /** What was said as JSON, by type. */
  lines: { type: string; name?: string; value?: never; message?: string; error?: Record<string, string> }[];
}

async function run(argv: string[], isTTY = false): Promise<Told> {
  const told = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write: (text: string) => (told[name] += text),
    isTTY,
    columns: 90,
  });
  const printer = () => {
    findElectron(folder, { XDG_CACHE_HOME: folder });
    throw new Error('There is an Electron where none can be.');
  };
  const code = await main(argv, { out: stream('out'), err: stream('err'), resources, printer });
  const json = told.out.split('\n').filter((line) => line.startsWith('{'));
  const lines = json.map((line) => JSON.parse(line) as Told['lines'][number]);
  // How far a long call is depends on how fast the machine is: what was drawn over, and what programs may skip.
  const out = told.out.replaceAll(/\r\u001b\[2K[^\r\n]*(?=\r\u001b\[2K)/g, '').replaceAll('\r\u001b[2K', '');
  return { ...told, out, code, lines: lines.filter((line) => !('work' in line)) };
}

let folder = '';
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('help', () => {
  it('lists the commands, and explains each with its options and examples', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of commands) {
      expect(out).toContain(`  ${command.name}`);
      const help = await run([command.name, '--help']);
      expect(help.code).toBe(0);
      for (const option of Object.keys(command.options)) expect(help.out).toContain(`--${option}`);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) expect(help.out).toContain(`grounding-workbench ${example}\n`);
      expect(help.out).toContain('Exit codes');
    }
  });

  it('examples are command lines that their commands take', () => {
    for (const command of commands) {
      for (const example of command.examples) {
        const [line = ''] = example.split(' > ');
        const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
        expect(words[0]).toBe(command.name);
        expect(() => command.parse(words.slice(1), sharedOptions)).not.toThrow();
      }
    }
  });

  it('comes without a command, with the exit code of a wrong call', async () => {
    expect(await run([])).toMatchObject({ code: 2, out: expect.stringContaining('Commands') as string });
    expect((await run(['-h'])).code).toBe(0);
  });

  it('tells the version', async () => {
    expect((await run(['--version'], true)).out).toBe(`${version}\n`);
    expect((await run(['--version'])).lines).toEqual([{ type: 'result', name: 'version', value: version }]);
  });
});

describe('wrong calls end with 2, an error of three parts and no stack', () => {
  it.each([
    [['nonsense'], /no command "nonsense"/],
    [['evaluate', '--methods', 'risclip'], /'--methods'/],
    [['predict', '--limit'], /'--limit/],
    [['predict', 'too', 'many'], /"too"/],
    [['import'], /<path> is missing/],
    [['packs', 'paint', 'it'], /"paint"/],
    [['cache', 'paint'], /"paint"/],
    [['cache', 'clear', 'paint'], /"paint"/],
    [['packs', '--variant', 'int8', 'verify', 'emojiref-small'], /--variant goes with bench/],
    [['packs', 'verify'], /verify is missing/],
  ])('%j', async (argv, message) => {
    const workspace = ['--workspace', join(folder, 'empty')];
    const { code, err, out } = await run([...argv, ...workspace, '--text']);
    expect(code).toBe(2);
    expect(err).toMatch(/^Error \(invalid\): /);
    expect(err).toMatch(message);
    expect(err).toMatch(/\n {2}\S/);
    expect(err + out).not.toMatch(/\.ts:|node:/);
  });

  it('as JSON in one line', async () => {
    const { code, lines, err } = await run(['evaluate', '--bogus']);
    expect([code, err]).toEqual([2, '']);
    expect(lines).toEqual([
      {
        type: 'error',
        error: {
          kind: 'invalid',
          message: "Unknown option '--bogus'.",
          hint: 'See `grounding-workbench evaluate --help`.',
          id: '',
        },
      },
    ]);
  });
});

describe('a workspace of its own', () => {
  const place = () => ['--workspace', join(folder, 'work')];

  it('says what is missing while it is empty', async () => {
    const { code, lines } = await run(['evaluate', ...place()]);
    expect(code).toBe(1);
    expect(lines[0]?.error).toMatchObject({ kind: 'not-found', hint: 'Import one with `import <path>`.' });
  });

  it('previews a REFER folder without importing it', async () => {
    const { code, lines } = await run(['import', refer, '--images', demoImages, '--preview', ...place()]);
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ name: 'preview', value: { format: 'refer', rejectedCount: 0 } });
    expect((await run(['evaluate', ...place()])).code).toBe(1);
  });

  it('imports it, with progress', async () => {
    const { code, lines } = await run([
      'import',
      refer,
      '--images',
      demoImages,
      '--name',
      'Small',
      ...place(),
    ]);
    expect(code).toBe(0);
    expect(lines.some((line) => line.type === 'progress')).toBe(true);
    expect(lines.at(-1)).toEqual({
      type: 'result',
      name: 'import',
      value: { datasetId: 1, repaired: [], rejected: [] },
    });
  });

  it('refuses it a second time', async () => {
    const again = await run(['import', refer, '--images', demoImages, '--name', 'Small', ...place()], true);
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/^Error \(conflict\): .*\n {2}Give the import another name/);
  });

  it('has nothing to evaluate before something is predicted', async () => {
    const { code, lines } = await run(['evaluate', ...place()]);
    expect(code).toBe(1);
    expect(lines[0]?.error).toMatchObject({ kind: 'not-found', hint: 'Run `predict` first.' });
  });

  it('refuses values that options cannot have', async () => {
    for (const [argv, message] of [
      [['predict', '--methods', 'magic'], '--methods is one of yolo-clip, blip-sam, risclip, not "magic".'],
      [['predict', '--limit', '0'], '--limit wants a whole number of at least 1, not "0".'],
      [['report'], '--out is missing.'],
      [
        ['export', '--out', join(folder, 'x'), '--format', 'word'],
        `--format is one of ${exportFormats.join(', ')}, not "word".`,
      ],
      [['evaluate', '--runs', '1,x'], '--runs wants a whole number of at least 1, not "x".'],
    ] as const) {
      const { code, lines } = await run([...argv, ...place()]);
      expect([code, lines.at(-1)?.error?.['message']]).toEqual([2, message]);
    }
  });

  it('says what prints a PDF where nothing does, before anything is written', async () => {
    const out = join(folder, 'not-printed');
    const { code, lines } = await run(['report', '--out', out, '--formats', 'html,pdf', ...place()]);
    expect([code, lines.at(-1)?.error]).toMatchObject([
      1,
      { kind: 'unsupported', hint: expect.stringMatching(/install-electron/) as string },
    ]);
    expect(existsSync(out)).toBe(false);
  });

  it('exports it as grounding JSONL, which imports again', async () => {
    const out = join(folder, 'exported');
    const { code, lines } = await run(['export', '--out', out, ...place()]);
    expect(code).toBe(0);
    const { path, expressions } = (lines[0]?.value ?? {}) as { path?: string; expressions?: number };
    expect(path).toBe(out);
    expect(readFileSync(join(out, 'expressions.jsonl'), 'utf8').trim().split('\n')).toHaveLength(
      expressions ?? 0,
    );
    expect((await run(['import', out, '--name', 'Again', ...place()])).code).toBe(0);
    const several = await run(['export', '--out', join(folder, 'none'), ...place()]);
    expect([several.code, several.lines[0]?.error?.['hint']]).toEqual([
      2,
      'Name one with --dataset: 1: Small, 2: Again',
    ]);
    const unknown = await run(['evaluate', '--dataset', 'Third', ...place()]);
    expect([unknown.code, unknown.lines[0]?.error?.['kind']]).toEqual([1, 'not-found']);
  });

  it('exports masks and images as it is told', async () => {
    const out = join(folder, 'polygons');
    const options = ['--dataset', 'Small', '--format', 'coco', '--masks', 'polygons', '--images', 'copied'];
    expect((await run(['export', '--out', out, ...options, ...place()])).code).toBe(0);
    const instances = JSON.parse(readFileSync(join(out, 'instances.json'), 'utf8')) as {
      images: { file_name: string }[];
      annotations: { segmentation: unknown }[];
    };
    expect(instances.annotations.some(({ segmentation }) => Array.isArray(segmentation))).toBe(true);
    expect(existsSync(join(out, 'images', instances.images[0]?.file_name ?? ''))).toBe(true);
    const none = ['export', '--dataset', 'Small', '--format', 'yolo', '--images', 'named'];
    const refused = await run([...none, '--out', join(folder, 'none'), ...place()]);
    expect([refused.code, refused.lines[0]?.error?.['kind']]).toEqual([1, 'invalid']);
  });

  it('says which items were rejected, and ends with 3', async () => {
    const copy = join(folder, 'troubled');
    cpSync(join(folder, 'exported'), copy, { recursive: true });
    const images = readFileSync(join(copy, 'images.jsonl'), 'utf8').split('\n');
    const { file } = JSON.parse(images[0] ?? '') as { file: string };
    writeFileSync(join(copy, file), 'not a picture');
    const { code, out } = await run(['import', copy, '--name', 'Troubled', '--text', ...place()]);
    expect(code).toBe(3);
    expect(out).toContain(`rejected`);
    expect(out).toContain(file);
  });
});

describe('a workspace that cannot be opened', () => {
  it('written by a newer version', async () => {
    const path = join(folder, 'newer');
    expect((await run(['packs', '--workspace', path])).code).toBe(0);
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(join(path, 'workspace.sqlite'));
    database.pragma('user_version = 99');
    database.close();
    const { code, lines } = await run(['evaluate', '--workspace', path]);
    expect(code).toBe(1);
    expect(lines[0]?.error).toMatchObject({
      kind: 'newer-version',
      hint: expect.stringMatching(/./) as string,
    });
  });

  it('not a database', async () => {
    const path = join(folder, 'damaged');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'workspace.sqlite'), 'x'.repeat(5_000));
    const { code, err } = await run(['evaluate', '--workspace', path], true);
    expect(code).toBe(1);
    expect(err).toMatch(/^Error \(damaged\): /);
  });
});

// The bundled pack: every method on real pictures, through to the report.
describe.runIf(existsSync(join(resources, 'models', 'emojiref-small', 'manifest.json')))(
  'with the demo pack',
  () => {
    const place = () => ['--workspace', join(folder, 'models')];

    beforeAll(async () => {
      await run(['import', refer, '--images', demoImages, '--name', 'Small', ...place()]);
    }, 60_000);

    it('predicts, goes on where it stopped, evaluates and reports', { timeout: 300_000 }, async () => {
      const first = await run(['predict', '--limit', '2', ...place()]);
      expect(first.code).toBe(0);
      expect(first.lines.at(-1)).toMatchObject({
        name: 'predict',
        value: { answered: 6, failed: 0, runIds: [1, 2, 3] },
      });
      const second = await run(['predict', '--limit', '4', ...place()], true);
      expect(second.code).toBe(0);
      expect(second.out).toContain('6/6');

      const { lines } = await run(['evaluate', ...place()]);
      expect(lines.at(-1)).toMatchObject({ name: 'evaluation', value: { schema: 1, runs: [{}, {}, {}] } });
      const table = await run(['evaluate', '--unit', 'referent', '--coverage', 'all', ...place()], true);
      expect(table.out).toMatch(/Method +Acc@0\.5[\s\S]*YOLO\+CLIP[\s\S]*BLIP\+SAM[\s\S]*RisCLIP/);

      const out = join(folder, 'report');
      const report = await run(
        ['report', '--out', out, '--formats', 'html,json', '--examples', '1', ...place()],
        true,
      );
      expect(report.out).toBe(`Wrote ${join(out, 'report.html')}\nWrote ${join(out, 'report.json')}\n`);
      expect(existsSync(join(out, 'expressions.csv'))).toBe(false);

      const data = ['--formats', 'dataset-refer,predictions-coco'];
      const exported = await run(['report', '--out', out, ...data, ...place()]);
      expect(exported.lines.at(-1)).toMatchObject({
        value: { files: ['dataset-refer', ...[1, 2, 3].map(String)].map(() => expect.any(String) as string) },
      });
      expect(existsSync(join(out, 'predictions-run-1-yolo-clip.coco.json'))).toBe(true);
    });

    it('tells errors, agreement and slices too', { timeout: 60_000 }, async () => {
      const { lines } = await run(['evaluate', '--details', '--by', 'length,position', ...place()]);
      expect(lines.map((line) => line['name'])).toEqual([
        ...['evaluation', 'slices', 'errors', 'agreement', 'deviations'],
      ]);
      const { out } = await run(['evaluate', '--details', '--by', 'length', ...place()], true);
      expect(out).toMatch(/Acc@0\.5 by Words +n +chance +YOLO\+CLIP +BLIP\+SAM +RisCLIP\n/);
      expect(out).toMatch(/Errors \(exclusive types[\s\S]*Agreement between methods/);
      const wrong = await run(['evaluate', '--by', 'colour', ...place()], true);
      expect(wrong.code).toBe(2);
      expect(wrong.err).toMatch(/Fields: .*\blength\b/);
    });

    it('ends with 4 where a number is not what it should be', { timeout: 60_000 }, async () => {
      const out = ['--out', join(folder, 'limits'), '--formats', 'markdown'];
      for (const command of [['evaluate'], ['report', ...out]]) {
        const kept = await run([...command, '--fail-under', 'risclip:accuracy50=0', ...place()]);
        expect([kept.code, kept.lines.at(-1)]).toMatchObject([0, { name: 'limits', value: { broken: [] } }]);
        const broken = await run([...command, '--fail-under', 'risclip:accuracy50=1.5', ...place()]);
        expect(broken.code).toBe(4);
        const limits = broken.lines.find((line) => line['name'] === 'limits');
        expect(limits).toMatchObject({
          value: { broken: [expect.stringMatching(/^RisCLIP: Acc@0\.5 is \d\.\d{4}, below 1\.5$/)] },
        });
        const wrong = await run([...command, '--fail-under', 'risclip:nothing=1', ...place()]);
        expect(wrong.code).toBe(2);
      }
      expect(existsSync(join(folder, 'limits', 'report.md'))).toBe(true);
    });

    it('lists and verifies packs', { timeout: 60_000 }, async () => {
      const { code, out } = await run(['packs', ...place()], true);
      expect(code).toBe(0);
      expect(out).toMatch(/^Pack +version +size +where +files\nemojiref-small/);
      const verified = await run(['packs', 'verify', 'emojiref-small', ...place()]);
      expect([verified.code, verified.lines[0]]).toMatchObject([
        0,
        { name: 'packs', value: [{ verified: true }] },
      ]);
    });

    it('measures one variant alone', { timeout: 60_000 }, async () => {
      const { code, lines } = await run([
        'packs',
        'bench',
        'emojiref-small',
        '--variant',
        'int8',
        ...place(),
      ]);
      expect(code).toBe(0);
      const bench = lines.find((line) => (line as { name?: string }).name === 'bench');
      expect(bench).toMatchObject({
        value: ['yolo-clip', 'blip-sam', 'risclip'].map((method) => ({ method, variant: 'int8' })),
      });
      expect((await run(['packs', 'bench', 'emojiref-small', '--variant', 'int4', ...place()])).code).toBe(1);
    });

    it('measures a pack, keeps what came out, and tells all about it', { timeout: 120_000 }, async () => {
      const { code, out } = await run(
        ['packs', 'bench', 'emojiref-small', '--threads', '1', ...place()],
        true,
      );
      expect(code).toBe(0);
      expect(out).toMatch(/RisCLIP +\d+\.\d ms an image, \d+\.\d ms an expression/);
      expect(out).toMatch(/RisCLIP, int8 +\d+\.\d ms an image, \d+\.\d ms an expression/);
      expect(out).toMatch(/encode image +\d+\.\d ms +\d+% inside onnxruntime/);
      expect(out).toMatch(/Medians of 7 on cpu, 1 threads/);
      const told = await run(['packs', 'list', 'emojiref-small', ...place()], true);
      expect(told.code).toBe(0);
      for (const words of [
        /licence MIT/,
        /^detector +detector\.onnx +\d+\.\d MB +\d+ +[0-9a-f]{64}$/m,
        /RisCLIP +accuracy@0\.5 +0\.\d{3} +EmojiRef test +\d+/,
        /Medians of 7 on cpu, 1 threads/,
        /^ {2}RisCLIP +\d\.\d\d times as fast +accuracy@0\.5 +0\.\d{4} +0\.\d{4}$/m,
        /RisCLIP, int8 +\d+\.\d ms an image/,
        /^Used unless a run names another: float32\.$/m,
        /Models run on CPU \(onnxruntime \d/,
      ]) {
        expect(told.out).toMatch(words);
      }
      expect((await run(['packs', 'list', 'nothing', ...place()])).code).toBe(1);
    });

    it(
      'says why a provider cannot be used, and predicts on no other instead',
      { timeout: 60_000 },
      async () => {
        const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
        const told = await run(['packs', '--provider', absent, ...place()], true);
        expect(told.code).toBe(3);
        expect(told.out).toMatch(
          /set to run on \w+ \(.*\), which cannot be used: this copy of onnxruntime has no/,
        );
        const refused = await run(['predict', '--provider', absent, '--limit', '1', ...place()]);
        expect(refused.code).toBe(1);
        expect(refused.lines.at(-1)?.error).toMatchObject({
          kind: 'unsupported',
          hint: expect.stringContaining('--provider cpu') as string,
        });
        expect((await run(['predict', '--provider', 'gpu', ...place()])).code).toBe(2);
      },
    );

    it('shows what is kept of encoded images and small pictures, and clears one or both', async () => {
      const pictures = new ThumbnailStore({
        path: join(folder, 'models', 'cache', 'thumbnails.sqlite'),
        limit: () => 1_000_000,
        log: silent,
      });
      const keepPicture = () => {
        pictures.set({ imageId: 1, size: 64, stamp: 'a' }, new Uint8Array(100));
        pictures.close();
      };
      keepPicture();
      const shown = await run(['cache', ...place()]);
      expect([shown.code, shown.lines[0]]).toMatchObject([
        0,
        { name: 'cache', value: { limit: 2_048_000_000, pictures: { entries: 1, bytes: 100 } } },
      ]);
      const encoded = (shown.lines[0]?.value as unknown as { entries: number }).entries;
      expect(encoded).toBeGreaterThan(0);
      const withoutPictures = await run(['cache', 'clear', 'pictures', ...place()]);
      expect(withoutPictures.lines[0]?.value).toMatchObject({
        entries: encoded,
        pictures: { entries: 0, bytes: 0 },
      });
      keepPicture();
      const withoutEncoded = await run(['cache', 'clear', 'encoded', ...place()]);
      expect(withoutEncoded.lines[0]?.value).toMatchObject({ entries: 0, pictures: { entries: 1 } });
      const { code, out } = await run(['cache', 'clear', ...place()], true);
      expect(code).toBe(0);
      expect(out).toMatch(/^0 encoded images, 0\.0 MB, of at most \d+ MB\n/);
      expect(out).toMatch(/\n0 small pictures, 0\.0 MB, of at most \d+ MB\n/);
    });
  },
);

describe('a long call', () => {
  const work: Work = {
    id: 1,
    name: 'verify-pack',
    message: 'Checking clip.onnx',
    done: 1_500_000,
    total: 6_000_000,
    rate: 250_000,
    remainingSeconds: 18,
    ended: false,
  };

  it('has a line that is redrawn on a terminal and gone at its end, and none for programs while it is short', () => {
    let out = '';
    const stream = { write: (text: string) => (out += text), isTTY: true, columns: 90 };
    const output = createOutput({ out: stream, err: stream });
    output.work(work);
    expect(out).toContain(
      '[######------------------] 1.5 MB/6.0 MB  0.3 MB/s  18 s left  Checking clip.onnx',
    );
    output.work({ ...work, ended: true });
    expect(out.endsWith('\r\u001b[2K')).toBe(true);
    out = '';
    const json = createOutput({ out: stream, err: stream }, true);
    json.work(work);
    json.work({ ...work, ended: true });
    expect(out).toBe('');
  });
});

describe('the progress line', () => {
  const job: Job = {
    id: 1,
    kind: 'predict',
    title: '',
    state: 'running',
    done: 30,
    total: 120,
    failed: 0,
    rate: 12.34,
    remainingSeconds: 7.2,
    message: 'Predicting',
    createdAt: '',
    endedAt: null,
    result: null,
    error: null,
  };

  it('tells how far, how fast and how long', () => {
    expect(progressLine(job)).toBe('[######------------------] 30/120  12.3/s  8 s left  Predicting');
    expect(progressLine({ ...job, failed: 2, rate: null, remainingSeconds: null })).toBe(
      '[######------------------] 30/120  2 failed  Predicting',
    );
    const download = { ...job, kind: 'install' as const, done: 1_500_000, total: 6e6, rate: 250_000 };
    expect(progressLine(download)).toBe(
      '[######------------------] 1.5 MB/6.0 MB  0.3 MB/s  8 s left  Predicting',
    );
    expect(progressLine({ ...job, total: 0, done: 0 })).toContain('[------------------------] 0/0');
  });

  it('ends with what came out, and never wraps', () => {
    const ended = { ...job, done: 120, endedAt: '2026', message: '120 answered.' };
    expect(progressLine(ended)).toBe('[########################] 120/120  120 answered.');
    expect(progressLine({ ...job, message: 'x'.repeat(300) }, 80)).toHaveLength(79);
  });

  it('tells time as people do', () => {
    expect([3.1, 60, 125, 3_600, 4_321].map(duration)).toEqual([
      '4 s',
      '1 min 00 s',
      '2 min 05 s',
      '1 h 00 min',
      '1 h 12 min',
    ]);
  });
});

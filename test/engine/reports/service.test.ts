import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ownMethodIds,
  reportDatasets,
  reportDocuments,
  reportOptions,
  reportPredictions,
  type Evaluation,
  type ReportDocument,
  type ReportFormat,
  type ReportSection,
  unwatched,
} from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import type { ValidDataset } from '../../../src/main/engine/datasets/model';
import { prepareDataset } from '../../../src/main/engine/datasets/prepare';
import { createReportsService, reportFiles, tableFiles } from '../../../src/main/engine/reports/service';
import { temporaryFolder } from '../../support/workspace';
import { correct, createWorld, imageSize, truthBox, type World } from '../evaluation/world';

const picture = resolve('test/fixtures/images/colour.jpg');

let folder = '';
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Image 2 is gone, all others show the same picture. */
function serviceOf(world: World) {
  return createReportsService({
    workspace: world,
    version: '1.2.3',
    imagePath: async (imageId) => {
      if (imageId === 2) throw new WorkbenchError('not-found', 'The image 2.webp is missing.');
      return picture;
    },
    licences: async () => ({ dataset: 'CC-BY-4.0', packs: { small: 'MIT' } }),
  });
}

async function exportInto(
  world: World,
  target: string,
  given: {
    evaluation?: Record<string, unknown>;
    title?: string;
    formats?: ReportFormat[];
    sections?: ReportSection[];
  } = {},
): Promise<string[]> {
  const { evaluation, title, sections, formats = ['html', 'csv', 'json'] } = given;
  const options = reportOptions.parse({
    evaluation: { runIds: world.runIds, ...evaluation },
    title,
    sections,
  });
  return (await serviceOf(world).export({ options, folder: target, formats })).files;
}

const tables = ['expressions.csv', 'answers.csv', 'runs.csv', 'corrections.csv'];

/** The table as rows of named cells; none of its texts needs quotes but the protocol's. */
function readTable(path: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\r\n');
  const cells = (line: string) =>
    [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map((match) => match[1] ?? '');
  const names = cells(header);
  return lines.map((line) =>
    Object.fromEntries(cells(line).map((cell, index) => [names[index] ?? '', cell])),
  );
}

describe('exporting', () => {
  it('writes the page, the table and the evaluation, and nothing else', async () => {
    const world = createWorld();
    correct(world, 3, { ...truthBox(0), x: 12 });
    const target = join(folder, 'made', 'on the way');
    const files = await exportInto(world, target, { title: 'Cats & dogs' });
    expect(files).toEqual(['report.html', ...tables, 'report.json'].map((name) => join(target, name)));
    expect(readdirSync(target).sort()).toEqual([...tables, 'report.html', 'report.json'].sort());

    const evaluation = JSON.parse(readFileSync(join(target, 'report.json'), 'utf8')) as Evaluation;
    expect(evaluation).toMatchObject({ schema: 1, protocol: { revision: 1, corrections: 2 } });
    const table = readTable(join(target, 'expressions.csv'));
    expect(table).toHaveLength(24);
    expect(table[0]).toMatchObject({ truth_x: '10', split: 'val' });
    const answers = readTable(join(target, 'answers.csv'));
    expect(answers).toHaveLength(72);
    const keys = new Set(table.map((row) => row['expression']));
    expect(answers.every((row) => keys.has(row['expression'] ?? ''))).toBe(true);
    const runs = readTable(join(target, 'runs.csv'));
    for (const [index, run] of evaluation.runs.entries()) {
      const own = answers.filter((row) => row['run'] === String(run.runId));
      const right = own.filter((row) => row['right'] === 'true').length;
      expect(right / own.length).toBeCloseTo(run.overall.accuracy50.value, 12);
      const mean = own.reduce((sum, row) => sum + Number(row['iou']), 0) / own.length;
      expect(Math.abs(mean - run.overall.meanIou.value)).toBeLessThan(0.000_000_51);
      expect(own[0]).toMatchObject({ milliseconds: '12.5' });
      expect(runs[index]).toMatchObject({
        run: String(run.runId),
        dataset: 'Cats',
        method: ['yolo-clip', 'blip-sam', 'risclip'][index],
        ground_truth: 'corrected',
        ground_truth_revision: '1',
        box_match: '"IoU >= threshold, no +1"',
        pack_hash: 'ab'.repeat(32),
        provider: 'cpu',
      });
    }
    expect(table.filter((row) => row['corrected'] === 'true')).toHaveLength(2);

    const page = readFileSync(join(target, 'report.html'), 'utf8');
    expect(page).toContain('<h1>Cats &amp; dogs</h1>');
    expect(page).toContain('revision 1 (2 expressions corrected)');
    expect(page).toMatch(/href="data:image\/jpeg;base64,/);
    expect(page).toContain('The image 2.webp is missing.');
  });

  it('shows what was chosen by hand before the others, and under what data and models may be used', async () => {
    const world = createWorld();
    const { html } = await serviceOf(world).preview(
      reportOptions.parse({ evaluation: { runIds: world.runIds }, examples: 1, chosen: [9, 5] }),
    );
    const shown = [...html.matchAll(/class="expression">([^<]*)</g)].map((match) => match[1]);
    expect(shown.slice(0, 2)).toEqual(['the cat 9', 'the cat 5']);
    expect(html).toContain('<dt>Licence</dt><dd>CC-BY-4.0</dd>');
    expect(html).toContain('<dt>Licence</dt><dd>MIT</dd>');
  });

  it('prints what was noted about a run in every format, as text', async () => {
    const world = createWorld();
    world.repositories.runs.setNote(2, '=1 <b>again</b> with $x$');
    await exportInto(world, folder, { formats: [...reportDocuments] });
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(read('report.html')).toContain('<dt>Note</dt><dd>=1 &lt;b&gt;again&lt;/b&gt; with $x$</dd>');
    expect(read('report.md')).toContain('- **Note:** \\=1 &lt;b&gt;again&lt;/b&gt; with \\$x\\$');
    expect(read('report.tex')).toContain('\\item[{Note}] =1 \\textless{}b');
    expect(read('runs.csv')).toContain(",'=1 <b>again</b> with $x$,");
    expect(JSON.parse(read('report.json'))).toMatchObject({
      notes: [{ runId: 2, note: '=1 <b>again</b> with $x$' }],
    });
  });

  it('shows the examples in Markdown and LaTeX, in pictures beside them', async () => {
    const world = createWorld();
    mkdirSync(join(folder, 'examples'));
    writeFileSync(join(folder, 'examples', 'best-99-boxes.jpg'), 'of an older report');
    writeFileSync(join(folder, 'examples', 'mine.jpg'), 'a person’s own');
    const files = await exportInto(world, folder, { formats: ['markdown', 'latex'] });
    expect(files).toEqual(['report.md', 'examples', 'report.tex'].map((name) => join(folder, name)));
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const linked = [...read('report.md').matchAll(/!\[[^\]]*\]\((examples\/[^)]+)\)/g)].map(
      ([, path]) => path,
    );
    const included = [...read('report.tex').matchAll(/\\view\{(examples\/[^}]+)\}/g)].map(([, path]) => path);
    expect(linked.length).toBeGreaterThan(8);
    expect(included).toEqual(linked);
    const written = readdirSync(join(folder, 'examples')).map((name) => `examples/${name}`);
    expect(written.sort()).toEqual([...linked, 'examples/mine.jpg'].sort());
    // One picture of all boxes and one for each of the three runs, of each example whose file is there.
    expect(linked.filter((path) => path?.endsWith('-boxes.jpg'))).toHaveLength(linked.length / 4);
    expect(read('report.md')).toContain('The image 2.webp is missing.');
    for (const path of linked) {
      const { format, width = 0, height = 0 } = await sharp(join(folder, path ?? '')).metadata();
      expect(format).toBe('jpeg');
      expect(Math.max(width, height)).toBeLessThanOrEqual(320);
    }
  });

  it('gives the numbers of the ground truth that is asked for', async () => {
    const world = createWorld();
    await exportInto(world, join(folder, 'before'), { formats: ['json'] });
    correct(world, 1, { ...truthBox(0), x: 40 });
    const original = { evaluation: { groundTruth: 'original' } };
    await exportInto(world, join(folder, 'after'), { formats: ['json', 'csv'], ...original });
    const read = (name: string) =>
      JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')) as Evaluation;
    expect(read('after').runs).toEqual(read('before').runs);
    const table = readTable(join(folder, 'after', 'expressions.csv'));
    expect(new Set(table.map((row) => row['corrected']))).toEqual(new Set(['false']));
    expect(table[0]).toMatchObject({ truth_x: '10' });
    const [run] = readTable(join(folder, 'after', 'runs.csv'));
    expect(run).toMatchObject({ ground_truth: 'original' });
  });

  it('is the same twice but for the time, and the same as the preview', async () => {
    const world = createWorld();
    correct(world, 3, { ...truthBox(0), x: 12 });
    await exportInto(world, join(folder, 'a'), { formats: [...reportDocuments] });
    await exportInto(world, join(folder, 'b'), { formats: [...reportDocuments] });
    const { html } = await serviceOf(world).preview(
      reportOptions.parse({ evaluation: { runIds: world.runIds } }),
    );
    const timeless = (text: string) =>
      text.replaceAll(/\d+ \w+ \d{4}, \d\d:\d\d UTC/g, '').replaceAll(/"computedAt": "[^"]+"/g, '');
    for (const name of [...Object.values(reportFiles), ...Object.values(tableFiles)]) {
      const read = (part: string) => timeless(readFileSync(join(folder, part, name), 'utf8'));
      expect(read('a')).toBe(read('b'));
    }
    expect(timeless(html)).toBe(timeless(readFileSync(join(folder, 'a', 'report.html'), 'utf8')));
    const pictures = readdirSync(join(folder, 'a', 'examples'));
    expect(pictures.length).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'b', 'examples'))).toEqual(pictures);
    for (const name of pictures) {
      const read = (part: string) => readFileSync(join(folder, part, 'examples', name));
      expect(read('a').equals(read('b'))).toBe(true);
    }
  });

  it('has the chosen sections, in every format that has sections', async () => {
    const world = createWorld();
    correct(world, 3, { ...truthBox(0), x: 12 });
    const formats: ReportDocument[] = ['html', 'markdown', 'latex'];
    const titles = /Errors|Agreement between methods|Corrections|Examples|Environment/g;
    const found = (name: string) =>
      Object.fromEntries(
        formats.map((format) => {
          const text = readFileSync(join(folder, name, reportFiles[format]), 'utf8');
          const headings = text.match(/(?:<h2>|## |\\section\{)[^<\n]+/g) ?? [];
          return [format, headings.flatMap((heading) => heading.match(titles) ?? [])];
        }),
      );
    await exportInto(world, join(folder, 'all'), { formats });
    const all = ['Errors', 'Agreement between methods', 'Examples', 'Corrections', 'Environment'];
    expect(found('all')).toEqual({ html: all, markdown: all, latex: all });
    await exportInto(world, join(folder, 'some'), { formats, sections: ['corrections', 'errors'] });
    const some = ['Errors', 'Corrections'];
    expect(found('some')).toEqual({ html: some, markdown: some, latex: some });
  });

  it('replaces what an earlier export wrote, and only what was asked for', async () => {
    const world = createWorld();
    writeFileSync(join(folder, 'report.json'), 'older');
    writeFileSync(join(folder, 'report.html'), 'older');
    await exportInto(world, folder, { formats: ['json'] });
    expect(readFileSync(join(folder, 'report.json'), 'utf8')).toContain('"schema": 1');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe('older');
  });

  it('carries text of the dataset as text', async () => {
    const world = createWorld({ text: '=cmd|calc <script>alert(#)</script>', name: '<b>Cats</b>' });
    await exportInto(world, folder);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).not.toMatch(/<script|<b>Cats/);
    expect(page).toContain('&lt;script&gt;alert(');
    const [row] = readTable(join(folder, 'expressions.csv'));
    expect(row?.['text']).toBe("'=cmd|calc <script>alert(1)</script>");
  });
});

/** As Import reads it, with the world's pictures beside it. */
async function readDataset(path: string): Promise<ValidDataset> {
  const imagesPath = join(folder, 'images');
  mkdirSync(imagesPath, { recursive: true });
  for (const number of [1, 2, 3, 4, 5, 6]) {
    await sharp({ create: { ...imageSize, channels: 3, background: 'white' } }).toFile(
      join(imagesPath, `${number}.webp`),
    );
  }
  return prepareDataset(
    { path, format: null, imagesPath, name: null },
    { control: unwatched, extract: () => Promise.resolve(temporaryFolder()) },
  );
}

describe('the data behind a report', () => {
  it('is written as other programs read it, with the ground truth of the report', async () => {
    const world = createWorld();
    const revision = correct(world, 3, { ...truthBox(0), x: 12 });
    correct(world, 5, { ...truthBox(0), x: 30 });
    const target = join(folder, 'report');
    const files = await exportInto(world, target, {
      evaluation: { revision },
      formats: [...reportDatasets, ...reportPredictions],
    });
    const [first] = world.runIds;
    expect(files.map((file) => file.slice(target.length + 1))).toEqual([
      ...reportDatasets,
      ...['json', 'csv', 'coco.json'].flatMap((ending) =>
        ownMethodIds.map((method, index) => `predictions-run-${(first ?? 0) + index}-${method}.${ending}`),
      ),
    ]);
    const expected = world.repositories.datasets.content(world.datasetId, 'corrected', revision);
    expect(expected.referents.map(({ box }) => box?.x)).toEqual([
      10, 11, 12, 11, 10, 11, 10, 11, 10, 11, 10, 11,
    ]);
    for (const format of reportDatasets) {
      const read = await readDataset(join(target, format));
      expect(read.referents.map(({ box }) => box)).toEqual(expected.referents.map(({ box }) => box));
      expect(read.expressions.map(({ text }) => text).sort()).toEqual(
        expected.expressions.map(({ text }) => text).sort(),
      );
    }
    const results = JSON.parse(
      readFileSync(join(target, `predictions-run-${first}-yolo-clip.coco.json`), 'utf8'),
    ) as { bbox: number[] }[];
    expect(results).toHaveLength(24);
    expect(results[0]?.bbox).toEqual([11, 8, 20, 16]);
  });

  it('is not written over a dataset that is there', async () => {
    mkdirSync(join(folder, 'dataset-refer'));
    await expect(
      exportInto(createWorld(), folder, { formats: ['html', 'dataset-refer'] }),
    ).rejects.toMatchObject({ kind: 'conflict' });
    expect(readdirSync(folder)).toEqual(['dataset-refer']);
  });
});

describe('what keeps a report from being written has a kind and a hint', () => {
  const isRoot = process.getuid?.() === 0;

  it.skipIf(isRoot)('a read-only folder', async () => {
    chmodSync(folder, 0o555);
    await expect(exportInto(createWorld(), folder)).rejects.toMatchObject({ kind: 'read-only' });
    chmodSync(folder, 0o755);
  });

  it.runIf(process.platform === 'linux')('a folder where not even root can write', async () => {
    await expect(exportInto(createWorld(), '/sys/grounding/report')).rejects.toMatchObject({
      kind: 'read-only',
      message: expect.stringContaining('/sys/grounding/report') as string,
      hint: 'Choose a folder that you may write to.',
    });
    await expect(exportInto(createWorld(), '/proc/grounding/report')).rejects.toMatchObject({
      hint: expect.stringMatching(/./) as string,
    });
  });

  it('a file in the folder’s place, a folder in a file’s place', async () => {
    const file = join(folder, 'taken');
    writeFileSync(file, '');
    await expect(exportInto(createWorld(), file)).rejects.toMatchObject({
      kind: 'invalid',
      hint: 'Choose another folder.',
    });
    mkdirSync(join(folder, 'report.json', 'inside'), { recursive: true });
    await expect(exportInto(createWorld(), folder, { formats: ['json'] })).rejects.toBeInstanceOf(
      WorkbenchError,
    );
    expect(readdirSync(folder).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('nothing to evaluate leaves no folder behind', async () => {
    const world = createWorld();
    world.database.prepare('DELETE FROM predictions').run();
    const target = join(folder, 'none');
    await expect(exportInto(world, target)).rejects.toMatchObject({ kind: 'not-found' });
    expect(existsSync(target)).toBe(false);
  });
});

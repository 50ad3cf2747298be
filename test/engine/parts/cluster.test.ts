/** The recipe of docs/clusters.md, as it stands there: processes with Slurm's variables, merged and evaluated. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleForNode, type Bundle } from '../../support/child-process';
import { temporaryFolder } from '../../support/workspace';

const shards = 3;
const resources = resolve('resources');
let bundle: Bundle;
let folder: string;

beforeAll(async () => {
  bundle = await bundleForNode('src/main/engine/cli.ts');
  folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  // What stands in PATH on a cluster; it adds only where the shipped packs are.
  writeFileSync(
    join(bin, 'grounding-workbench'),
    `#!/bin/sh\nexec "${process.execPath}" "${bundle.path}" "$@" --resources "${resources}"\n`,
  );
  chmodSync(join(bin, 'grounding-workbench'), 0o755);
  const [, script = ''] =
    /```bash\n(#!\/bin\/bash\n#SBATCH[\s\S]*?)```/.exec(readFileSync('docs/clusters.md', 'utf8')) ?? [];
  writeFileSync(join(folder, 'predict.sbatch'), script);
});
afterAll(() => {
  bundle.dispose();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
}

async function shell(
  command: string,
  args: string[],
  variables: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    env: { ...process.env, ...variables, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

const workbench = (...args: string[]) => shell('grounding-workbench', args);
const whole = () => join(folder, 'whole');
const part = (index: number) => join(folder, 'parts', String(index));

/** The line of `evaluate --json`, without the moment at which it was computed. */
async function evaluation(workspace: string): Promise<string> {
  const { out } = await workbench('evaluate', '--split', 'few', '--workspace', workspace, '--json');
  const line = out.split('\n').find((text) => text.includes('"name":"evaluation"')) ?? 'nothing';
  return line.replace(/"computedAt":"[^"]*"/, '');
}

/** Some scenes of the demo as a dataset of one split. */
function writeDataset(): string {
  const source = join(resources, 'datasets', 'emojiref');
  const target = join(folder, 'data');
  mkdirSync(target);
  const rows = (name: string) =>
    readFileSync(join(source, `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
  const images = rows('images').slice(0, 10);
  const keys = new Set(images.map(({ id }) => id));
  const referents = rows('referents').filter(({ image }) => keys.has(image));
  const known = new Set(referents.map(({ id }) => id));
  const expressions = rows('expressions').filter(({ referent }) => known.has(referent));
  const write = (name: string, some: object[]) =>
    writeFileSync(join(target, `${name}.jsonl`), some.map((row) => `${JSON.stringify(row)}\n`).join(''));
  mkdirSync(join(target, 'images'));
  for (const { file = '' } of images) cpSync(join(source, file), join(target, file));
  write(
    'images',
    images.map((image) => ({ ...image, split: 'few' })),
  );
  write('referents', referents);
  write('expressions', expressions);
  writeFileSync(join(target, 'dataset.json'), readFileSync(join(source, 'dataset.json')));
  return target;
}

it(
  'a Slurm array of three gives the evaluation of one run that was not split',
  { timeout: 300_000 },
  async () => {
    const data = writeDataset();
    for (const workspace of [whole(), join(folder, 'single')]) {
      const { code } = await workbench('import', data, '--name', 'Few', '--workspace', workspace);
      expect(code).toBe(0);
    }
    const single = await workbench(
      'predict',
      '--split',
      'few',
      '--threads',
      '1',
      '--workspace',
      join(folder, 'single'),
    );
    expect(single.code).toBe(0);

    const task = (index: number) =>
      shell('bash', [join(folder, 'predict.sbatch')], {
        SLURM_ARRAY_TASK_ID: String(index + 1),
        SLURM_ARRAY_TASK_MIN: '1',
        SLURM_ARRAY_TASK_COUNT: String(shards),
        SLURM_CPUS_PER_TASK: '1',
        WORKSPACE: whole(),
        PARTS: join(folder, 'parts'),
        SPLIT: 'few',
      });
    const tasks = await Promise.all(Array.from({ length: shards }, (_, index) => task(index)));
    expect(tasks.map(({ code }) => code)).toEqual([0, 0, 0]);
    const answered = tasks.map(({ out }) => Number(/"answered":(\d+)/.exec(out)?.[1]));
    expect(answered.every((count) => count > 0)).toBe(true);

    // A task that is queued again finds nothing left to do.
    expect((await task(1)).out).toContain('"answered":0');

    const some = await workbench('merge', part(1), part(3), '--workspace', whole());
    expect([some.code, some.out]).toEqual([3, expect.stringContaining('"missingParts":[1]')]);
    const all = await workbench('merge', part(1), part(2), part(3), '--workspace', whole());
    expect([all.code, all.out]).toEqual([0, expect.stringContaining('"missingParts":[]')]);
    const again = await workbench('merge', part(1), part(2), part(3), '--workspace', whole());
    expect(again.out).toContain('"answers":0');

    const merged = await evaluation(whole());
    expect(merged.includes('"runs":[{')).toBe(true);
    // Not compared by toBe: what differs would fill many screens.
    expect(merged === (await evaluation(join(folder, 'single')))).toBe(true);

    // The same into a folder that holds nothing yet.
    const anew = join(folder, 'anew');
    expect((await workbench('merge', part(3), part(1), part(2), '--workspace', anew)).code).toBe(0);
    expect((await evaluation(anew)) === merged).toBe(true);
  },
);

/**
 * `npm run example-report`: the demo's report as docs/example-report shows it, made by the command line. Predicts the
 * whole test split in a workspace of its own, which is removed afterwards; `--workspace <folder>` keeps it, and goes on
 * from what is there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildApplication } from './lib/build.mjs';
import { installDependencies, ownNode } from './lib/dependencies.mjs';
import { ownEnvironment, program, runProgram } from './lib/steps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'docs', 'example-report');

/** @param {string[]} args */
async function cli(args) {
  const all = [join(root, 'out', 'main', 'cli.js'), ...args, '--text'];
  return (await runProgram(ownNode(root), all, { cwd: root, env: ownEnvironment(root) })).code;
}

await program(async () => {
  const { values } = parseArgs({ options: { workspace: { type: 'string' } } });
  await installDependencies(root);
  await buildApplication(root);
  const own = mkdtempSync(join(tmpdir(), 'grounding-example-'));
  const place = ['--workspace', values.workspace ?? join(own, 'workspace')];
  try {
    const predicted = await cli(['demo', '--all', '--out', join(own, 'report'), ...place]);
    if (predicted !== 0) return predicted;
    rmSync(out, { recursive: true, force: true });
    const formats = ['--formats', 'html,markdown,latex,json'];
    return await cli(['report', '--split', 'test', '--out', out, ...formats, ...place]);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});

/**
 * `npm run screenshots`: pictures of every screen of the real window, as docs/screenshots shows them. Builds, predicts
 * the demo's first test scenes in a workspace of its own and removes it afterwards; `--workspace <folder>` takes the
 * pictures of a copy of that one. `--only <words>` takes those whose names hold one of the words.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildApplication } from './lib/build.mjs';
import { installDependencies, ownNode } from './lib/dependencies.mjs';
import { ensureRuntime } from './lib/electron-runtime.mjs';
import { ownEnvironment, program, runProgram, step, StepError } from './lib/steps.mjs';
import { canHideWindow, ensureSystemLibraries, hiddenScreen } from './lib/system-libraries.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'docs', 'screenshots');
const needed = new Set(['workspace.sqlite', 'models', 'images']);

/** Answers of all methods to the demo's first test scenes. @param {string} folder the workspace */
async function predictDemo(folder) {
  await step('Predicting test scenes of the demo', async () => {
    const report = join(folder, '..', 'report');
    const args = [join(root, 'out', 'main', 'cli.js'), 'demo', '--workspace', folder, '--out', report];
    const { code, output } = await runProgram(ownNode(root), args, {
      cwd: root,
      env: ownEnvironment(root),
      capture: true,
    });
    if (code !== 0) throw new StepError('The demo could not be predicted.', output.trim());
  });
}

await program(async () => {
  const { values } = parseArgs({ options: { workspace: { type: 'string' }, only: { type: 'string' } } });
  await installDependencies(root);
  const runtime = await ensureRuntime(root);
  const isHidden = canHideWindow();
  await ensureSystemLibraries(runtime, { virtualScreen: isHidden });
  await buildApplication(root);
  const folder = mkdtempSync(join(tmpdir(), 'grounding-screenshots-'));
  const workspace = join(folder, 'workspace');
  try {
    if (values.workspace) {
      const given = resolve(values.workspace);
      const filter = (/** @type {string} */ path) =>
        path === given || needed.has(path.slice(given.length + 1).split(/[\\/]/)[0] ?? '');
      cpSync(given, workspace, { recursive: true, filter });
    } else await predictDemo(workspace);
    if (!values.only) rmSync(out, { recursive: true, force: true });
    const take = [
      ownNode(root),
      join(root, 'scripts', 'screenshots', 'take.mjs'),
      folder,
      out,
      values.only ?? '',
    ];
    const [command = '', ...args] = [...(isHidden ? hiddenScreen : []), ...take];
    return (await runProgram(command, args, { cwd: root, env: ownEnvironment(root) })).code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/**
 * `npm start`: installs what is missing, builds what changed, and opens the workbench on the demo. Where there is no
 * display it does the demo's main job on the command line. Options: --headless does that in any case, --all takes the
 * whole test split there, --formats html,pdf chooses the report's files; everything else is passed on, e.g.
 * --workspace <folder>.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApplication } from './lib/build.mjs';
import { installDependencies, ownNode } from './lib/dependencies.mjs';
import { ensureRuntime } from './lib/electron-runtime.mjs';
import { launchCommand } from './lib/launch.mjs';
import { hasDisplay, ownEnvironment, program, runProgram } from './lib/steps.mjs';
import { ensureSystemLibraries } from './lib/system-libraries.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} given */
async function openWindow(given) {
  const runtime = await ensureRuntime(root);
  await ensureSystemLibraries(runtime, { virtualScreen: false });
  await buildApplication(root);
  console.log('• Opening the workbench; close its window to end it');
  const { command, args, env } = launchCommand(root, runtime, given);
  return (await runProgram(command, args, { cwd: root, env })).code;
}

/** @param {string[]} given */
async function runDemo(given) {
  // Electron, which nothing else needs here, prints the PDF.
  if (given.some((argument) => /\bpdf\b/i.test(argument))) {
    await ensureSystemLibraries(await ensureRuntime(root), { virtualScreen: false });
  }
  await buildApplication(root);
  console.log('• There is no window here, so the demo runs on the command line');
  const cli = join(root, 'out', 'main', 'cli.js');
  const args = [cli, 'demo', '--text', '--out', join(root, 'grounding-report'), ...given];
  return (await runProgram(ownNode(root), args, { cwd: root, env: ownEnvironment(root) })).code;
}

await program(async () => {
  const given = process.argv.slice(2).filter((argument) => argument !== '--headless');
  const headless = process.argv.includes('--headless') || !hasDisplay();
  await installDependencies(root);
  return headless ? runDemo(given) : openWindow(given);
});

/**
 * `npm test`: installs what is missing, then runs every check and test. The last line is `N passed, N failed`.
 * --without-window leaves out the tests in the real window; --only-window runs nothing else.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runVitest, runWholeCheck, runWindowTests, sum, wholeChecks } from './lib/checks.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { program } from './lib/steps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const withWindow = !process.argv.includes('--without-window');
const withRest = !process.argv.includes('--only-window');

await program(async () => {
  await installDependencies(root);
  const tallies = [];
  if (withRest) {
    for (const check of wholeChecks) tallies.push(await runWholeCheck(root, check));
    tallies.push(await runVitest(root));
  }
  if (withWindow) tallies.push(await runWindowTests(root));
  const { passed, failed } = sum(tallies);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

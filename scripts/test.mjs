/** `npm test`: installs what is missing, then runs every check and test. The last line is `N passed, N failed`. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runVitest, runWholeCheck, sum, wholeChecks } from './lib/checks.mjs';
import { installDependencies } from './lib/dependencies.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await installDependencies(root);
const tallies = [];
for (const check of wholeChecks) tallies.push(await runWholeCheck(root, check));
tallies.push(await runVitest(root));
const { passed, failed } = sum(tallies);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** `npm run parity`: writes docs/parity.md, how far each metric is from an independent reference. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { runnerImport } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const { module } = await runnerImport(join(root, 'test', 'unit', 'evaluation', 'parity.ts'));
const path = join(root, 'docs', 'parity.md');
const options = { ...(await resolveConfig(path)), filepath: path };
writeFileSync(path, await format(module.parityPage(), options));

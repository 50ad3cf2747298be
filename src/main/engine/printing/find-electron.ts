/** The Electron that prints for the command line: the one that opens the window. */
import { findRuntime } from '../../../../scripts/lib/electron-runtime.mjs';
import { launchCommand } from '../../../../scripts/lib/launch.mjs';
import { StepError } from '../../../../scripts/lib/steps.mjs';
import { WorkbenchError } from '../../../common/errors';
import type { ElectronCommand } from './print-page';

const otherwise = 'report.html prints to the same pages in a browser.';

/** `root`: the application's folder. Throws `unsupported` where there is no Electron. */
export function findElectron(root: string, env: NodeJS.ProcessEnv = process.env): ElectronCommand {
  const runtime = runtimeOf(root, env);
  if (runtime) return (given, switches) => launchCommand(root, runtime, given, switches);
  throw new WorkbenchError(
    'unsupported',
    'PDF is printed by Electron, and there is none on this computer.',
    `\`npx install-electron\` fetches it, or name an unpacked one in ELECTRON_OVERRIDE_DIST_PATH; ${otherwise}`,
  );
}

function runtimeOf(root: string, env: NodeJS.ProcessEnv) {
  try {
    return findRuntime(root, env);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    throw new WorkbenchError('not-found', error.message, error.hint, { cause: error });
  }
}

/** How the application is started, the same for `npm start` and for the tests of the window. */
import { ownNode } from './dependencies.mjs';
import { runtimeSwitches } from './electron-runtime.mjs';
import { ownEnvironment } from './steps.mjs';

/**
 * @param {string} root the application's folder
 * @param {import('./electron-runtime.mjs').Runtime} runtime
 * @param {string[]} given options of the application
 * @param {string[]} switches further switches of Chromium
 */
export function launchCommand(root, runtime, given, switches = []) {
  return {
    command: runtime.executable,
    args: [...runtimeSwitches(runtime), ...switches, root, ...given],
    // The engine runs on this Node where Electron's own is too old.
    env: { ...ownEnvironment(root), GROUNDING_WORKBENCH_NODE: ownNode(root) },
  };
}

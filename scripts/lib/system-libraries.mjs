/** Shared libraries of the operating system that a window needs: finds what is missing, installs it where it may. */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasDisplay, runProgram, step, StepError } from './steps.mjs';

/** Debian and Ubuntu packages that bring what Electron links to. */
const libraryPackages = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libdrm2',
];
/** For a window without a screen, as tests need it. */
const virtualScreenPackages = ['xvfb', 'xauth'];

/**
 * Makes sure that the runtime finds its libraries and, where asked for, that there is a virtual screen.
 * @param {import('./electron-runtime.mjs').Runtime} runtime
 * @param {{virtualScreen: boolean}} needs
 */
export async function ensureSystemLibraries(runtime, { virtualScreen }) {
  if (process.platform !== 'linux') return;
  const libraries = await missingLibraries(runtime.executable);
  const screenMissing = virtualScreen && !(onPath('xvfb-run') && onPath('Xvfb') && onPath('xauth'));
  if (libraries.length === 0 && !screenMissing) return;
  const packages = [
    ...(libraries.length > 0 ? libraryPackages : []),
    ...(screenMissing ? virtualScreenPackages : []),
  ];
  const what = [...libraries, ...(screenMissing ? ['a virtual screen (Xvfb)'] : [])].join(', ');
  await step(`Installing system libraries: ${what}`, async () => {
    await installPackages(packages);
    const left = await missingLibraries(runtime.executable);
    if (left.length > 0) {
      throw new StepError(
        `Electron still misses ${left.join(', ')}.`,
        'Install what brings these libraries.',
      );
    }
  });
}

/** @param {string[]} packages */
async function installPackages(packages) {
  const mayInstall = isDebianLike() && process.getuid?.() === 0;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Without the lists, which a fresh machine lacks, apt knows no package by any name.
  if (mayInstall) await runProgram('apt-get', ['update', '-qq'], { cwd: '/', env, capture: true });
  const names = await withTransitionNames(packages);
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!isDebianLike()) {
    throw new StepError(
      'This is neither Debian nor Ubuntu, so it is left to you.',
      `Install what Debian calls: ${names.join(' ')}`,
    );
  }
  if (!mayInstall) throw new StepError('That needs an administrator.', `Run: sudo ${command}`);
  const { code, output } = await runProgram('sh', ['-c', command], { cwd: '/', env, capture: true });
  if (code !== 0) {
    throw new StepError(output.trim().split('\n').slice(-5).join('\n  '), `Run: ${command}`);
  }
}

/** Names of shared libraries that the dynamic linker does not find. @param {string} executable @returns {Promise<string[]>} */
export async function missingLibraries(executable) {
  const { output } = await runProgram('ldd', [executable], { cwd: '/', capture: true });
  return notFoundIn(output);
}

/** @param {string} lddOutput @returns {string[]} */
export function notFoundIn(lddOutput) {
  return lddOutput
    .split('\n')
    .filter((line) => line.includes('=> not found'))
    .map((line) => line.trim().split(' ')[0] ?? '');
}

/**
 * Newer releases append `t64` to some of these names.
 * @param {string[]} packages @returns {Promise<string[]>}
 */
async function withTransitionNames(packages) {
  /** @param {string} name */
  const known = async (name) =>
    (await runProgram('apt-cache', ['show', name], { cwd: '/', capture: true })).code === 0;
  const names = [];
  for (const name of packages) {
    names.push(!(await known(name)) && (await known(`${name}t64`)) ? `${name}t64` : name);
  }
  return names;
}

function isDebianLike() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release);
}

/** Whether a program is on the PATH. @param {string} program @param {NodeJS.ProcessEnv} env */
export function onPath(program, env = process.env) {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, program)));
}

/** Whether a window can or must be put on a screen that nobody sees. */
export function canHideWindow() {
  return process.platform === 'linux' && (onPath('xvfb-run') || !hasDisplay());
}

/** The command that gives another one such a screen. */
export const hiddenScreen = ['xvfb-run', '-a', '-s', '-screen 0 1960x1200x24'];

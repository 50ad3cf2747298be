/** Where things are: the workspace, what is shipped, the built files, logs. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Places {
  workspace: string;
  resources: string;
  /** Folder of the built main process files. */
  built: string;
  page: string;
  preload: string;
  logs: string;
}

/** What `--name value` or `--name=value` gives; null where it is not there. */
export function commandLineValue(argv: readonly string[], name: string): string | null {
  const option = `--${name}`;
  const at = argv.findIndex((argument) => argument === option || argument.startsWith(`${option}=`));
  const found = argv[at];
  if (found === undefined) return null;
  return found === option ? (argv[at + 1] ?? null) : found.slice(option.length + 1);
}

/** The same folder as the command line's default, so that both show the same runs. */
function defaultWorkspace(env: NodeJS.ProcessEnv): string {
  const data = env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  return join(data, 'grounding-workbench', 'workspace');
}

/**
 * @param built the folder this program was built into (out/main)
 * @param argv the command line; `--workspace <folder>` chooses the workspace, `--resources <folder>` what is shipped
 */
export function findPlaces(
  built: string,
  userData: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Places {
  const output = join(built, '..');
  return {
    workspace: resolve(commandLineValue(argv, 'workspace') ?? defaultWorkspace(env)),
    resources: resolve(commandLineValue(argv, 'resources') ?? join(output, '..', 'resources')),
    built,
    page: join(output, 'renderer'),
    preload: join(output, 'preload', 'index.js'),
    logs: join(userData, 'logs'),
  };
}

/** The command line: finds the command, parses its options, opens an engine, runs it, and gives its exit code. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { toErrorValue } from '../../../common/errors';
import { executionProviders } from '../../../common/contract';
import type { EngineOptions } from '../context';
import { createEngine } from '../index';
import { cacheCommand } from './cache';
import type { Command, ParsedCommand } from './command';
import { demoCommand } from './demo';
import { compareCommand, evaluateCommand } from './evaluate';
import { exportCommand } from './export';
import { commandHelp, overview, sharedOptions } from './help';
import { importCommand } from './import';
import { createOutput, type Output, type Streams } from './output';
import { mergeCommand } from './merge';
import { packsCommand } from './packs';
import { predictCommand } from './predict';
import { exportPredictionsCommand, importPredictionsCommand } from './predictions';
import { probeCommand } from './probe';
import { reportCommand } from './report';
import { EngineError, followWorks, type Session } from './session';
import { UsageError } from './usage';
import { oneOf, wholeNumber } from './values';
import { version } from '../../../../package.json';

export const commands: readonly Command[] = [
  importCommand,
  predictCommand,
  mergeCommand,
  evaluateCommand,
  compareCommand,
  reportCommand,
  exportCommand,
  importPredictionsCommand,
  exportPredictionsCommand,
  packsCommand,
  cacheCommand,
  probeCommand,
  demoCommand,
];

export interface CommandLinePlaces extends Streams {
  /** Folder of what is shipped, unless --resources says otherwise. */
  resources: string;
  printer: Session['printer'];
}

const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** Where results of the command line live unless --workspace says otherwise. */
function defaultWorkspace(): string {
  const data = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  return join(data, 'grounding-workbench', 'workspace');
}

/** Position and name of the first argument that is neither an option nor an option's value. */
function commandName(argv: string[]): { index: number; value: string } | null {
  const { tokens } = parseArgs({
    args: argv,
    options: sharedOptions,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  return tokens.find((token) => token.kind === 'positional') ?? null;
}

const wantsHelp = (argv: readonly string[]) => argv.includes('--help') || argv.includes('-h');

/** JSON where it is asked for, or where nobody said otherwise and nobody is looking. */
function outputFor(argv: readonly string[], streams: Streams): Output {
  if (argv.includes('--json')) return createOutput(streams, true);
  return argv.includes('--text') ? createOutput(streams, false) : createOutput(streams);
}

/** Never rejects: every failure is told with kind, message and hint, and becomes the exit code. */
export async function main(argv: string[], places: CommandLinePlaces): Promise<number> {
  const output = outputFor(argv, places);
  try {
    const name = commandName(argv);
    const command = name && commands.find((one) => one.name === name.value);
    if (!name || !command) return withoutCommand(argv, name?.value ?? null, places, output);
    if (wantsHelp(argv)) {
      places.out.write(commandHelp(command));
      return exitCodes.done;
    }
    const parsed = command.parse(argv.toSpliced(name.index, 1), sharedOptions);
    const { workspace, resources, log } = parsed.shared;
    const folder = (value: string | boolean | undefined, otherwise: string) =>
      resolve(typeof value === 'string' ? value : otherwise);
    const resourcesPath = folder(resources, places.resources);
    const engine = await createEngine({
      workspacePath: await parsed.workspace(folder(workspace, defaultWorkspace())),
      resourcesPath,
      logPath: typeof log === 'string' ? resolve(log) : null,
      version,
      resumeJobs: false,
      settings: modelSettings(parsed.shared),
    });
    const stop = followWorks({ engine, output });
    try {
      return await parsed.run({ engine, output, resourcesPath, printer: places.printer });
    } finally {
      stop();
      await engine.close();
    }
  } catch (error) {
    output.problem(error instanceof EngineError ? error.value : toErrorValue(error, ''));
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

/** What --provider and --threads say; what is not said is left to the workspace. */
function modelSettings({ provider, threads }: ParsedCommand['shared']): EngineOptions['settings'] {
  const count = typeof threads === 'string' ? wholeNumber('threads', threads, 0) : null;
  return {
    ...(typeof provider === 'string' && {
      executionProvider: oneOf('provider', provider, executionProviders),
    }),
    ...(count !== null && { threads: count }),
  };
}

function withoutCommand(
  argv: readonly string[],
  name: string | null,
  { out }: Streams,
  output: Output,
): number {
  if (name !== null) {
    const known = commands.map((command) => command.name).join(', ');
    throw new UsageError(`There is no command "${name}".`, `Commands: ${known}`);
  }
  if (argv.includes('--version')) {
    output.result('version', version);
    output.print(version);
    return exitCodes.done;
  }
  out.write(overview(commands));
  return wantsHelp(argv) ? exitCodes.done : exitCodes.usage;
}

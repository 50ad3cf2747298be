/** The command line: `grounding-workbench <command>`. Parses, opens an engine, runs one command, exits with its code. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { toErrorValue, WorkbenchError } from '../../common/errors';
import { demoCommand } from './commands/demo';
import { evaluateCommand, reportCommand } from './commands/evaluate';
import { exportCommand } from './commands/export';
import { helpText } from './commands/help';
import { importCommand } from './commands/import';
import { createOutput, type Output } from './commands/output';
import { predictCommand } from './commands/predict';
import type { Session } from './commands/session';
import { createEngine } from './index';
import { version } from '../../../package.json';

/** 0 done; 1 failed; 2 called wrongly; 3 done, but some items failed. */
const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

const options = {
  workspace: { type: 'string' },
  resources: { type: 'string' },
  json: { type: 'boolean', default: false },
  text: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
  format: { type: 'string' },
  images: { type: 'string' },
  name: { type: 'string' },
  preview: { type: 'boolean', default: false },
  dataset: { type: 'string' },
  methods: { type: 'string' },
  pack: { type: 'string' },
  split: { type: 'string' },
  limit: { type: 'string' },
  unit: { type: 'string' },
  coverage: { type: 'string' },
  'ground-truth': { type: 'string' },
  out: { type: 'string' },
  formats: { type: 'string' },
  title: { type: 'string' },
  original: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
} as const;

/** Where results of the command line live unless --workspace says otherwise. */
function defaultWorkspace(): string {
  const data = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  return join(data, 'grounding-workbench', 'workspace');
}

type Values = ReturnType<typeof parseCommandLine>['values'];

function parseCommandLine(argv: string[]) {
  return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
}

type Command = (
  session: Session,
  positionals: string[],
  values: Values,
  resources: string,
) => Promise<number>;

function required(name: string, value: string | undefined): string {
  if (value) return value;
  throw new WorkbenchError('invalid', `${name} is missing.`, 'See `grounding-workbench --help`.');
}

const commands: Record<string, Command> = {
  import: (session, [path], values) =>
    importCommand(session, { ...values, path: resolve(required('The path to import', path)) }),
  predict: (session, _positionals, values) => predictCommand(session, values),
  evaluate: (session, _positionals, values) => evaluateCommand(session, values),
  report: (session, _positionals, values) =>
    reportCommand(session, { ...values, out: required('--out <folder>', values.out) }),
  export: (session, _positionals, values) =>
    exportCommand(session, { ...values, out: required('--out <folder>', values.out) }),
  demo: (session, _positionals, values, resources) =>
    demoCommand(session, {
      all: values.all,
      demoPath: join(resources, 'datasets', 'emojiref'),
      out: resolve(values.out ?? 'grounding-report'),
    }),
};

export async function main(argv: string[], output: Output | null = null): Promise<number> {
  let parsed: ReturnType<typeof parseCommandLine>;
  try {
    parsed = parseCommandLine(argv);
  } catch (error) {
    (output ?? createOutput(process.stdout)).problem({
      kind: 'invalid',
      message: error instanceof Error ? error.message : String(error),
      hint: 'See `grounding-workbench --help`.',
      id: '',
    });
    return exitCodes.usage;
  }
  const { values, positionals } = parsed;
  const form = values.json ? { json: true } : values.text ? { json: false } : {};
  const out = output ?? createOutput(process.stdout, form);
  const [name, ...rest] = positionals;
  if (values.version) {
    out.result('version', version);
    out.print(version);
    return exitCodes.done;
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (values.help || !command) {
    process.stdout.write(helpText);
    return values.help ? exitCodes.done : exitCodes.usage;
  }
  const resources = resolve(values.resources ?? join(__dirname, '..', '..', 'resources'));
  try {
    const engine = await createEngine({
      workspacePath: resolve(values.workspace ?? defaultWorkspace()),
      resourcesPath: resources,
      logPath: null,
      version,
      resumeJobs: false,
    });
    try {
      return await command({ engine, output: out }, rest, values, resources);
    } finally {
      await engine.close();
    }
  } catch (error) {
    const problem = toErrorValue(error, '');
    out.problem(problem);
    return problem.kind === 'invalid' ? exitCodes.usage : exitCodes.failed;
  }
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

/** Help made from what the commands declare, so that it cannot say anything else than what they take. */
import { executionProviders } from '../../../common/contract';
import type { Command } from './command';
import type { OptionDeclarations } from './options';

const program = 'grounding-workbench';

export const sharedOptions = {
  workspace: {
    type: 'string',
    value: '<folder>',
    help: 'where data and results are kept; default: in the user’s data folder, as in the window',
  },
  json: { type: 'boolean', help: 'one JSON object a line (the default where the output is not a terminal)' },
  text: { type: 'boolean', help: 'sentences and tables even where the output is not a terminal' },
  provider: {
    type: 'string',
    value: '<name>',
    help: `where models run: ${executionProviders.join(', ')}; default: the workspace’s setting`,
  },
  threads: { type: 'string', value: '<n>', help: 'threads of a model; 0: as many as there are cores' },
  log: { type: 'string', value: '<folder>', help: 'write a log with the details of errors' },
  resources: { type: 'string', value: '<folder>', help: 'the shipped models and demo data' },
  help: { type: 'boolean', help: 'this text' },
  version: { type: 'boolean', help: 'the version' },
} as const satisfies OptionDeclarations;

const exitCodes = `Exit codes
  0  done
  1  failed; the error says why and what to do
  2  called wrongly
  3  done, but some items failed, were rejected or are missing, or a pack or provider cannot be used
  4  done, but a number is not what --fail-under wants`;

function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function optionRows(options: OptionDeclarations): [string, string][] {
  return Object.entries(options).map(([name, { value, help }]) => [
    value ? `--${name} ${value}` : `--${name}`,
    help,
  ]);
}

export function overview(commands: readonly Command[]): string {
  return `Grounding Workbench: run, measure and export visual grounding without a window.

  ${program} <command> [options]

Commands
${twoColumns(commands.map(({ name, summary }) => [name, summary]))}

Options of every command
${twoColumns(optionRows(sharedOptions))}

${exitCodes}

\`${program} <command> --help\` explains a command, with examples.
`;
}

export function commandHelp(command: Command): string {
  const given = command.arguments
    .map(({ name, optional, several }) => (optional ? ` [${name}]` : ` <${name}>`) + (several ? '…' : ''))
    .join('');
  const sections = [
    `${command.summary}\n\n  ${program} ${command.name}${given} [options]`,
    command.arguments.length > 0 &&
      `Arguments\n${twoColumns(command.arguments.map(({ name, help }) => [name, help]))}`,
    Object.keys(command.options).length > 0 && `Options\n${twoColumns(optionRows(command.options))}`,
    `Options of every command\n${twoColumns(optionRows(sharedOptions))}`,
    `Examples\n${command.examples.map((example) => `  ${program} ${example}`).join('\n')}`,
    exitCodes,
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** What a command is: its own options, how it is explained, and what it does. */
import { parseArgs } from 'node:util';
import type { OptionDeclarations, ValuesOf } from './options';
import type { Session } from './session';
import { usage } from './usage';

interface Definition<Options extends OptionDeclarations> {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What it takes without a dash, in order; `optional` ones may be missing. */
  arguments: {
    name: string;
    help: string;
    optional?: boolean;
    /** The last one: any number. */
    several?: boolean;
  }[];
  options: Options;
  /** Command lines without the program's name. */
  examples: string[];
  /** Folder of the workspace to work in, where that is not the one of --workspace; may make it. */
  workspace?(values: ValuesOf<Options>, given: string[], folder: string): Promise<string>;
  /** Resolves to the exit code. */
  run(session: Session, values: ValuesOf<Options>, given: string[]): Promise<number>;
}

/** A command as the command line sees it, whatever its options are. */
export interface Command extends Omit<Definition<OptionDeclarations>, 'run' | 'workspace'> {
  /** Throws `invalid` for options and arguments that the command does not have. */
  parse(argv: string[], shared: OptionDeclarations): ParsedCommand;
}

export interface ParsedCommand {
  /** Values of the options that all commands share. */
  shared: Record<string, string | boolean | undefined>;
  /** Where it works, given the folder of --workspace. */
  workspace(folder: string): Promise<string>;
  run(session: Session): Promise<number>;
}

export function defineCommand<const Options extends OptionDeclarations>(
  definition: Definition<Options>,
): Command {
  return {
    ...definition,
    parse(argv, shared) {
      const { values, positionals } = parseStrictly(definition.name, argv, {
        ...shared,
        ...definition.options,
      });
      if (positionals.length > definition.arguments.length && !definition.arguments.at(-1)?.several) {
        throw usage(
          definition.name,
          `"${positionals[definition.arguments.length] ?? ''}" is one argument too many.`,
        );
      }
      const requireArguments = () => {
        const missing = definition.arguments[positionals.length];
        if (missing && !missing.optional) throw usage(definition.name, `<${missing.name}> is missing.`);
      };
      return {
        shared: values,
        async workspace(folder) {
          requireArguments();
          return definition.workspace
            ? definition.workspace(values as ValuesOf<Options>, positionals, folder)
            : folder;
        },
        run(session) {
          requireArguments();
          return definition.run(session, values as ValuesOf<Options>, positionals);
        },
      };
    },
  };
}

function parseStrictly(name: string, argv: string[], options: OptionDeclarations) {
  try {
    const described = Object.fromEntries(
      Object.entries(options).map(([option, { type }]) => [
        option,
        type === 'boolean' ? { type, default: false } : { type },
      ]),
    );
    return parseArgs({ args: argv, options: described, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's message goes on with advice that is about its own function.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw usage(name, `${message.replace(/\.$/, '')}.`);
  }
}

/**
 * The contract between the window and everything behind it, typed once. Each domain file lists its calls;
 * the engine must implement each, the preload script is made by mapping over them, and the renderer
 * gets `window.workbench` from the same types.
 */
import { z } from 'zod';
import type { Result } from '../errors';
import type { WorkName } from './work-names';

/** Which process answers a call: `engine` (the default), or `main` for dialogs and the like. */
export type CallHost = 'engine' | 'main';

export interface CallDefinition<Input extends z.ZodType, Output> {
  readonly input: Input;
  readonly host: CallHost;
  /** Not offered to the window: only the main process or the command line may call it. */
  readonly internal: boolean;
  /** It takes its time, tells how far it is and can be stopped; null: it is answered at once. */
  readonly work: WorkName | null;
  /** Carries the output's type; never present at run time. */
  readonly output?: Output;
}

/** `call<Output>()(inputSchema)`: two steps, because TypeScript infers all type arguments or none. */
export function call<Output>() {
  return <Input extends z.ZodType>(
    input: Input,
    options: { host?: CallHost; internal?: boolean; work?: WorkName } = {},
  ): CallDefinition<Input, Output> => ({
    input,
    host: options.host ?? 'engine',
    internal: options.internal ?? false,
    work: options.work ?? null,
  });
}

export type InputOf<Definition> =
  Definition extends CallDefinition<infer Input, unknown> ? z.input<Input> : never;
export type ParsedInputOf<Definition> =
  Definition extends CallDefinition<infer Input, unknown> ? z.output<Input> : never;
export type OutputOf<Definition> =
  Definition extends CallDefinition<z.ZodType, infer Output> ? Output : never;

export type AnyCall = CallDefinition<z.ZodType, unknown>;
export type Domain = Record<string, AnyCall>;

/** How the window sees a domain: every call resolves to a Result and never rejects. */
export type DomainClient<D extends Domain> = {
  [Name in keyof D]: (input: InputOf<D[Name]>) => Promise<Result<OutputOf<D[Name]>>>;
};

/** What a long call is given, to tell how far it is and to notice that it is no longer wanted. */
export interface WorkControl {
  /** Its reason is the error that the call then ends with. */
  readonly signal: AbortSignal;
  /** Another step begins, with so much to do where that is known. */
  begin(step: string, total?: number): void;
  /** So much more of the step is done. */
  advance(done: number): void;
  /** More words about the step. */
  say(message: string): void;
}

/** For whoever calls a long work without watching it. */
export const unwatched: WorkControl = {
  signal: new AbortController().signal,
  begin: () => undefined,
  advance: () => undefined,
  say: () => undefined,
};

/**
 * What answers a domain: gets the parsed input, returns the plain output or throws a WorkbenchError. A long call is given
 * its control too.
 */
export type DomainService<D extends Domain> = {
  [Name in keyof D]: (
    input: ParsedInputOf<D[Name]>,
    control?: WorkControl,
  ) => OutputOf<D[Name]> | Promise<OutputOf<D[Name]>>;
};

export const id = z.number().int().positive();
export const nothing = z.strictObject({});
/** No text that a person types is longer; bounds what crosses the process border. */
export const shortText = z.string().max(2_000);
export const filePath = z.string().min(1).max(4_096);

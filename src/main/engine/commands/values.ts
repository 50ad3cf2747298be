/** Reading the values of options; each throws a UsageError for what it cannot take. */
import { UsageError } from './usage';

/** `text` where it is one of the choices; the first choice where the option is absent. */
export function oneOf<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (text === undefined) return choices[0];
  const found = choices.find((choice) => choice === text);
  if (found) return found;
  throw new UsageError(`--${name} is one of ${choices.join(', ')}, not "${text}".`);
}

/** `a,b` as several of the choices, each once; null where the option is absent. */
export function severalOf<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice[] | null {
  if (text === undefined) return null;
  return [...new Set(text.split(',').map((part) => oneOf(name, part.trim(), choices)))];
}

/** A whole number of at least `least`; null where the option is absent. */
export function wholeNumber(name: string, text: string | undefined, least: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} wants a whole number of at least ${least}, not "${text}".`);
}

/** `1,2` as numbers of runs or expressions; null where the option is absent. */
export function numbers(name: string, text: string | undefined): number[] | null {
  if (text === undefined) return null;
  return [...new Set(text.split(',').map((part) => wholeNumber(name, part.trim(), 1) ?? 0))];
}

export function required(name: string, text: string | undefined): string {
  if (text) return text;
  throw new UsageError(`--${name} is missing.`);
}

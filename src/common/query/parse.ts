/**
 * The query language. Conditions stand side by side and must all hold; values with commas between them are
 * alternatives; whatever is not a condition is looked for in the expression's text.
 *
 *   left "red car" kind:relation,position split:test risclip:right yolo-clip:iou<0.5 disagree review:unreviewed
 *   length>5 corrected:no label:landmark @logic:negation
 */
import { outcomes, type Outcome } from '../contract/browse';
import { reviewStates, type ReviewState } from '../contract/corrections';
import { methodIds, methodNames, type MethodId } from '../contract/methods';
import { emptyFilter, textOfTerms, type FilterState, type MethodCondition } from './filter';
import { conditionNames, disagreeWord, listNames, wrongTypes, type ListName } from './language';
import { scanQuoted, scanTerms, type Term } from './scan';

/** What is wrong with a query and where; offsets into the query. */
export interface QueryProblem {
  from: number;
  to: number;
  message: string;
  hint: string;
}

export interface ParsedQuery {
  /** Without the conditions that have a problem. */
  filter: FilterState;
  problems: QueryProblem[];
}

class Refusal extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

type Draft = { -readonly [Key in keyof FilterState]: FilterState[Key] };

/** Never throws: problems come beside the filter that the rest means. */
export function parseQuery(query: string): ParsedQuery {
  const filter: Draft = emptyFilter();
  const texts: string[] = [];
  const problems: QueryProblem[] = [];
  for (const term of scanTerms(query)) {
    try {
      takeTerm(term, filter, texts);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      problems.push({ from: term.from, to: term.to, message: thrown.message, hint: thrown.hint });
    }
  }
  filter.text = textOfTerms(texts);
  return { filter, problems };
}

function takeTerm(term: Term, filter: Draft, texts: string[]): void {
  const { source } = term;
  if (term.unclosed) throw new Refusal('The quotes are not closed.', 'Add a " at the end.');
  if (source.startsWith('@')) {
    takeAttribute(source, filter);
    return;
  }
  if (source === disagreeWord) {
    filter.disagreement = true;
    return;
  }
  const length = /^length:?(<=|>=|<|>|=)(.*)$/i.exec(source);
  if (length) {
    takeLength(length[1] ?? '', length[2] ?? '', filter);
    return;
  }
  const named = /^([^\s":]+):(.*)$/s.exec(source);
  if (named) {
    takeNamed((named[1] ?? '').toLowerCase(), named[2] ?? '', filter, texts);
    return;
  }
  const phrase = scanQuoted(source, 0);
  if (phrase?.to === source.length) texts.push(phrase.value);
  else texts.push(source);
}

function takeNamed(name: string, rest: string, filter: Draft, texts: string[]): void {
  if (Object.hasOwn(listNames, name)) {
    takeList(name as ListName, rest, filter);
    return;
  }
  const method = methodIds.find((each) => each === name);
  if (method) {
    takeResult(method, rest, filter);
    return;
  }
  if (name === 'text') {
    texts.push(...valuesOf(rest, 'text:"left of"'));
    return;
  }
  if (name === 'corrected') {
    if (rest !== 'yes' && rest !== 'no') {
      throw new Refusal('“corrected” is either yes or no.', 'Write corrected:yes or corrected:no.');
    }
    filter.corrected = rest === 'yes';
    return;
  }
  throw new Refusal(
    `There is no condition “${name}”.`,
    `Conditions are ${conditionNames.map(({ text }) => text).join(' ')}. To look for it as text, put it in quotes.`,
  );
}

function takeList(name: ListName, rest: string, filter: Draft): void {
  const values = valuesOf(rest, `${name}:value`);
  if (name === 'review') {
    const unknown = values.find((value) => !reviewStates.includes(value as ReviewState));
    if (unknown !== undefined) {
      throw new Refusal(`There is no review state “${unknown}”.`, `States are ${reviewStates.join(', ')}.`);
    }
    filter.reviewStates = united(filter.reviewStates, values as ReviewState[]);
    return;
  }
  const facet = listNames[name];
  filter[facet] = united<string>(filter[facet], values) as never;
}

function takeResult(method: MethodId, rest: string, filter: Draft): void {
  const condition: MethodCondition = { ...filter.methods[method] };
  const iou = /^iou(<=|>=|<|>|=)(.*)$/i.exec(rest);
  const outcome = outcomes.find((each) => each === rest);
  if (iou) {
    const value = numberOf(iou[2] ?? '');
    if (value === null || value > 1) {
      throw new Refusal('An IoU is a number from 0 to 1.', `For example ${method}:iou<0.5.`);
    }
    bound(condition, iou[1] ?? '', value);
  } else if (outcome) {
    takeOutcome(condition, outcome, method);
  } else {
    takeErrors(condition, rest, method);
  }
  filter.methods = { ...filter.methods, [method]: condition };
}

function takeErrors(condition: MethodCondition, rest: string, method: MethodId): void {
  const errors = rest.split(',').map((word) => {
    const type = wrongTypes.find((each) => each === word);
    if (type) return type;
    throw new Refusal(
      `“${word}” is no result of ${methodNames[method]}.`,
      `Results are ${outcomes.join(', ')}; ${wrongTypes.join(', ')}; or a range such as iou<0.5 or iou>=0.7.`,
    );
  });
  condition.errors = united(condition.errors, errors);
}

function takeOutcome(condition: MethodCondition, outcome: Outcome, method: MethodId): void {
  if (condition.outcome !== null && condition.outcome !== outcome) {
    throw new Refusal(
      `${methodNames[method]} cannot be ${condition.outcome} and ${outcome} at once.`,
      'Leave one of the two out.',
    );
  }
  condition.outcome = outcome;
}

function bound(condition: MethodCondition, sign: string, value: number): void {
  if (sign !== '<' && sign !== '<=') {
    condition.iouFrom = value;
    condition.openFrom = sign === '>';
  }
  if (sign !== '>' && sign !== '>=') {
    condition.iouTo = value;
    condition.openTo = sign === '<';
  }
}

function takeLength(sign: string, text: string, filter: Draft): void {
  const value = numberOf(text);
  if (value === null || !Number.isInteger(value)) {
    throw new Refusal('A length is a whole number of words.', 'For example length>5 or length<=3.');
  }
  if (sign !== '<' && sign !== '<=') filter.lengthFrom = sign === '>' ? value + 1 : value;
  if (sign !== '>' && sign !== '>=') {
    if (sign === '<' && value === 0)
      throw new Refusal('No expression has fewer than 0 words.', 'For example length<4.');
    filter.lengthTo = sign === '<' ? value - 1 : value;
  }
}

function takeAttribute(source: string, filter: Draft): void {
  const quotedName = scanQuoted(source, 1);
  const to = quotedName?.to ?? source.indexOf(':');
  const name = quotedName?.value ?? source.slice(1, Math.max(1, to));
  if (to < 0 || source[to] !== ':' || name === '') {
    throw new Refusal('An attribute needs a value.', 'For example @logic:negation.');
  }
  const values = valuesOf(source.slice(to + 1), `@${name}:value`);
  const before = Object.hasOwn(filter.attributes, name) ? (filter.attributes[name] ?? []) : [];
  filter.attributes = Object.fromEntries([
    ...Object.entries(filter.attributes),
    [name, united(before, values)],
  ]);
}

/** `a,"b c"` → ["a", "b c"]. */
function valuesOf(rest: string, example: string): string[] {
  const values: string[] = [];
  let at = 0;
  for (;;) {
    const quotedValue = scanQuoted(rest, at);
    const next = quotedValue?.to ?? (rest.indexOf(',', at) < 0 ? rest.length : rest.indexOf(',', at));
    const value = quotedValue?.value ?? rest.slice(at, next);
    if (!quotedValue && value === '') throw new Refusal('A value is missing.', `For example ${example}.`);
    values.push(value);
    if (next >= rest.length) return values;
    if (rest[next] !== ',') {
      throw new Refusal('Something follows the closing quotes.', 'Put a comma between two values.');
    }
    at = next + 1;
  }
}

function numberOf(text: string): number | null {
  return /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : null;
}

function united<Value>(before: readonly Value[], more: readonly Value[]): Value[] {
  return [...new Set([...before, ...more])];
}

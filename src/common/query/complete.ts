import { conditionNames, fixedValues, printedValue } from './language';
import { printedName } from './print';
import { scanTerms } from './scan';

/** Values that occur in the dataset: by condition (`split`, `kind`, `category`), and by attribute. */
export interface KnownValues {
  lists: Readonly<Record<string, readonly string[]>>;
  attributes: Readonly<Record<string, readonly string[]>>;
}

export interface Completion {
  /** What stands in for the characters from `from` to `to` of the query. */
  text: string;
  from: number;
  to: number;
  detail: string;
}

const mostOffered = 12;

/** What could stand where the caret is: names of conditions, or values after a name. */
export function completeQuery(query: string, caret: number, known: KnownValues): Completion[] {
  const term = scanTerms(query).find(({ from, to }) => from < caret && caret <= to);
  const from = term?.from ?? caret;
  const to = term?.to ?? caret;
  const typed = query.slice(from, caret);
  if (typed.startsWith('"')) return [];
  const colon = typed.indexOf(':');
  if (colon < 0) return completeName(typed, from, to, known);
  const name = typed.slice(0, colon);
  const values = name.startsWith('@')
    ? (known.attributes[name.slice(1).replace(/^"|"$/g, '')] ?? [])
    : (known.lists[name] ?? fixedValues[name] ?? []);
  const start = colon + 1 + lastValueStart(typed.slice(colon + 1));
  const wanted = typed.slice(start).replace(/^"/, '').toLowerCase();
  return values
    .filter((value) => value.toLowerCase().includes(wanted))
    .sort((a, b) => Number(b.toLowerCase().startsWith(wanted)) - Number(a.toLowerCase().startsWith(wanted)))
    .slice(0, mostOffered)
    .map((value) => ({ text: printedValue(value), from: from + start, to, detail: '' }))
    .filter(({ text }) => text !== typed.slice(start));
}

function completeName(typed: string, from: number, to: number, known: KnownValues): Completion[] {
  const attributes = Object.keys(known.attributes).map((name) => ({
    text: `@${printedName(name)}:`,
    detail: 'Attribute',
  }));
  const names = typed.startsWith('@') ? attributes : [...conditionNames, ...attributes];
  const wanted = typed.toLowerCase();
  return names
    .filter(({ text }) => text.toLowerCase().startsWith(wanted) && text !== typed)
    .slice(0, typed.startsWith('@') ? mostOffered : names.length)
    .map(({ text, detail }) => ({ text, detail, from, to }));
}

/** Where the value that is being typed begins, after the last comma outside quotes. */
function lastValueStart(values: string): number {
  let start = 0;
  let inQuotes = false;
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] === '\\' && inQuotes) at += 1;
    else if (values[at] === '"') inQuotes = !inQuotes;
    else if (values[at] === ',' && !inQuotes) start = at + 1;
  }
  return start;
}

/** The query cut into its conditions: spaces part them, except inside double quotes. */
export interface Term {
  source: string;
  /** Offsets into the query. */
  from: number;
  to: number;
  /** Whether a quote is still open at its end. */
  unclosed: boolean;
}

export function scanTerms(query: string): Term[] {
  const terms: Term[] = [];
  let from = -1;
  let inQuotes = false;
  for (let at = 0; at <= query.length; at += 1) {
    const sign = query[at];
    const ends = sign === undefined || (!inQuotes && /\s/.test(sign));
    if (ends) {
      if (from >= 0) terms.push({ source: query.slice(from, at), from, to: at, unclosed: inQuotes });
      from = -1;
      continue;
    }
    if (from < 0) from = at;
    if (sign === '\\' && inQuotes) at += 1;
    else if (sign === '"') inQuotes = !inQuotes;
  }
  return terms;
}

/** A text in quotes at an offset of a term, or null where there is none. `to` is the offset after the closing quote. */
export function scanQuoted(source: string, at: number): { value: string; to: number } | null {
  const match = /"((?:[^"\\]|\\.)*)"/sy;
  match.lastIndex = at;
  const found = match.exec(source);
  if (!found) return null;
  return { value: (found[1] ?? '').replace(/\\(.)/gs, '$1'), to: match.lastIndex };
}

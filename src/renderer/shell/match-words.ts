/**
 * How well a label answers what was typed: null when a word of it is missing, otherwise higher is better. Words may
 * be typed in any order and cut short; the start of a word counts more than its middle.
 */
export function matchWords(query: string, label: string): number | null {
  const text = label.toLowerCase();
  let score = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    if (!text.includes(word)) return null;
    const starts = text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word));
    score += starts ? 2 : 1;
    if (text.startsWith(word)) score += 1;
  }
  return score;
}

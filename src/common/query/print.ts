import { methodIds } from '../contract/methods';
import { hasLowerEnd, hasUpperEnd, textTerms, type FilterState } from './filter';
import { disagreeWord, listNames, printedValue, quoted, type ListName } from './language';

/** The filter as a query: `parseQuery` of it gives the same filter. Nothing asked: an empty text. */
export function printQuery(filter: FilterState): string {
  const parts = textTerms(filter.text).map(printedTerm);
  for (const [name, facet] of Object.entries(listNames) as [ListName, (typeof listNames)[ListName]][]) {
    if (filter[facet].length > 0) parts.push(`${name}:${filter[facet].map(printedValue).join(',')}`);
  }
  for (const method of methodIds) {
    const condition = filter.methods[method];
    if (condition.outcome !== null) parts.push(`${method}:${condition.outcome}`);
    if (condition.errors.length > 0) parts.push(`${method}:${condition.errors.join(',')}`);
    if (hasLowerEnd(condition)) {
      parts.push(`${method}:iou${condition.openFrom ? '>' : '>='}${condition.iouFrom}`);
    }
    if (hasUpperEnd(condition)) parts.push(`${method}:iou${condition.openTo ? '<' : '<='}${condition.iouTo}`);
  }
  if (filter.disagreement) parts.push(disagreeWord);
  if (filter.corrected !== null) parts.push(`corrected:${filter.corrected ? 'yes' : 'no'}`);
  if (filter.lengthFrom !== null && filter.lengthFrom === filter.lengthTo) {
    parts.push(`length=${filter.lengthFrom}`);
  } else {
    if (filter.lengthFrom !== null) parts.push(`length>=${filter.lengthFrom}`);
    if (filter.lengthTo !== null) parts.push(`length<=${filter.lengthTo}`);
  }
  for (const [name, values] of Object.entries(filter.attributes)) {
    if (values.length > 0) parts.push(`@${printedName(name)}:${values.map(printedValue).join(',')}`);
  }
  return parts.join(' ');
}

/** A word or phrase that is looked for, in quotes where it could be taken for a condition. */
function printedTerm(term: string): string {
  return /^[^\s":<>=@\\]+$/.test(term) && term !== disagreeWord ? term : quoted(term);
}

export function printedName(name: string): string {
  return /^[^\s",:<>=\\]+$/.test(name) ? name : quoted(name);
}

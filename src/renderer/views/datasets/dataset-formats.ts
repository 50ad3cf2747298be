/** Words of this screen, and names for the folders that its dialogs propose. */
import { countOf, formatCount } from '../../composables/format';

/** Below a folder, with the folder's own separator. */
export function pathBelow(folder: string, name: string): string {
  const separator = folder.includes('\\') ? '\\' : '/';
  return `${folder.replace(/[\\/]+$/, '')}${separator}${name}`;
}

/** A dataset's name as the name of a folder: nothing but letters, digits, dots and dashes. */
export function folderName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain || 'dataset';
}

/** "train 120, test 40 expressions"; images that are in no split are named so. */
export function splitWords(splits: readonly { split: string; expressions: number }[]): string {
  const name = (split: string) => split || 'no split';
  return splits
    .map(({ split, expressions }, index) =>
      index === splits.length - 1
        ? `${name(split)} ${countOf(expressions, 'expression')}`
        : `${name(split)} ${formatCount(expressions)}`,
    )
    .join(', ');
}

/** "12 items repaired, 1 item left out"; what there is none of is not named. */
export function problemWords({ repaired, rejected }: { repaired: number; rejected: number }): string {
  return [
    ...(repaired > 0 ? [`${countOf(repaired, 'item')} repaired`] : []),
    ...(rejected > 0 ? [`${countOf(rejected, 'item')} left out`] : []),
  ].join(', ');
}

/** Numbers of things in words, the same in the window, in what the engine says and in the terminal. */
import type { Job } from './contract';

const whole = new Intl.NumberFormat('en');

/** 12,345 */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** "1 image", "3 images"; the plural adds an s unless it is given. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** What a job counts. Downloads count bytes, which need no word. */
const jobUnits: Record<Exclude<Job['kind'], 'install'>, string> = {
  import: 'items',
  merge: 'answers',
  predict: 'answers',
  probe: 'images',
};

/** How far a job is: "1,200 of 9,894 answers", "2.0 MB of 8.1 MB", "1,200 items" where the whole is not known. */
export function jobAmount({ kind, done, total }: Pick<Job, 'kind' | 'done' | 'total'>): string {
  const format = kind === 'install' ? formatBytes : formatCount;
  const amount = total > 0 ? `${format(done)} of ${format(total)}` : format(done);
  return kind === 'install' ? amount : `${amount} ${jobUnits[kind]}`;
}

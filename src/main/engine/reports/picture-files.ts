/** Names of an example's pictures beside a report: the same example of the same report has the same names. */
import type { ExampleGroup } from './examples';

export const pictureFolder = 'examples';

/** What a picture shows: all boxes, or the way to one run's answer. */
export type PictureOf = 'boxes' | { runId: number };

/** Where a picture lies, from the report's folder; `place`: of the example in its group, from 0. */
export function pictureFile(group: ExampleGroup, place: number, of: PictureOf): string {
  const what = of === 'boxes' ? of : `run-${of.runId}`;
  return `${pictureFolder}/${group}-${place + 1}-${what}.jpg`;
}

/** Whether a file in that folder is one of ours, of this report or an older one. */
export function isPictureFile(name: string): boolean {
  return /^(?:chosen|worst|disagreed|best)-\d+-(?:boxes|run-\d+)\.jpg$/.test(name);
}

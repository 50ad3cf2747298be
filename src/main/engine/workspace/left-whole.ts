/**
 * Whether the workspace's file is just as it was left: checked when it was opened, and closed in good order. To check
 * gigabytes again takes seconds; whatever touched the file since has changed its time, its length or its number.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** What is written beside the file. */
const pathOf = (file: string) => `${file}-left-whole`;

/** Notes how the file is left, after it was closed in good order. */
export function noteLeftWhole(file: string): void {
  try {
    writeFileSync(pathOf(file), stateOf(file));
  } catch {
    // Without a note, the file is checked when it is opened.
  }
}

/** Whether the file is as it was noted; the note counts once. */
export function takeLeftWhole(file: string): boolean {
  try {
    const noted = readFileSync(pathOf(file), 'utf8');
    rmSync(pathOf(file));
    return noted === stateOf(file);
  } catch {
    return false;
  }
}

function stateOf(file: string): string {
  const { size, mtimeNs, ctimeNs, ino } = statSync(file, { bigint: true });
  // Changes that are not in the file itself yet.
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return `${size} ${mtimeNs} ${ctimeNs} ${ino} ${log}`;
}

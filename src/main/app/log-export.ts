/**
 * The logs as one file that can be given to somebody who helps. What a person may not want to give away is left out:
 * quoted text (expressions, names), entries that hold text of the dataset, and folders. Image data never gets into a log.
 */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwatched, type WorkControl } from '../../common/contract';
import { WorkbenchError } from '../../common/errors';
import { makeZip, type ZipEntry } from './zip';

const logName = /^(?:engine|window)\.log(?:\.\w+)?$/;
/** Entries whose whole value belongs to the dataset or to the person. */
const privateKeys = new Set(['text', 'texts', 'expression', 'query', 'note', 'author', 'input', 'image']);
/** Files of the product: their names say where something went wrong. */
const productFile = /\.(?:js|cjs|mjs|ts|vue|node|onnx|sqlite)$/;

/** @returns where the archive is and how many lines it holds. Throws `not-found` where there is no log yet. */
export async function exportLogs(
  logs: string,
  folder: string,
  about: Record<string, unknown>,
  { time = new Date(), control = unwatched }: { time?: Date; control?: WorkControl } = {},
): Promise<{ path: string; lines: number }> {
  const names = existsSync(logs) ? readdirSync(logs).filter((name) => logName.test(name)) : [];
  if (names.length === 0) throw new WorkbenchError('not-found', 'There is no log yet.');
  let lines = 0;
  const entries: ZipEntry[] = [];
  control.begin('Leaving out what is private', names.length);
  for (const name of names) {
    const text = await readFile(join(logs, name), 'utf8');
    control.signal.throwIfAborted();
    const kept = text.split('\n').filter(Boolean).map(withoutContents);
    lines += kept.length;
    entries.push({ name, content: Buffer.from(`${kept.join('\n')}\n`) });
    control.advance(1);
  }
  entries.push({ name: 'about.json', content: Buffer.from(`${JSON.stringify(about, null, 2)}\n`) });
  const stamp = time.toISOString().slice(0, 19).replace(/:/g, '-');
  const path = join(folder, `grounding-workbench-logs-${stamp}.zip`);
  const archive = await makeZip(entries, time);
  control.signal.throwIfAborted();
  await writeFile(path, archive, { flag: 'wx' });
  return { path, lines };
}

/** One line of a log as it may be given away; a line that is no JSON is only counted. */
export function withoutContents(line: string): string {
  try {
    return JSON.stringify(cleaned(JSON.parse(line)));
  } catch {
    return JSON.stringify({ message: `[a line of ${line.length} characters]` });
  }
}

function cleaned(value: unknown, key = ''): unknown {
  if (privateKeys.has(key)) return '[left out]';
  if (typeof value === 'string') return key === 'time' || key === 'id' ? value : cleanedText(value);
  if (Array.isArray(value)) return value.map((entry) => cleaned(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, cleaned(entry, name)]));
}

function cleanedText(text: string): string {
  return text
    .replace(/“[^”]*”|"[^"\n]*"|(?<!\w)'[^'\n]*'(?!\w)|`[^`\n]*`/g, '“…”')
    .replace(/(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][^\\/\s:()“”]+){2,}/g, (path) => {
      const name = path.split(/[\\/]/).at(-1) ?? '';
      return productFile.test(name) ? `…/${name}` : '…';
    });
}

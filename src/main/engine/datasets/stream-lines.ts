/** The lines of a text file of any size, read piece by piece, so that other calls are answered in between. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { WorkbenchError } from '../../../common/errors';
import type { ImportProblem } from '../../../common/contract';
import type { Breather } from './breathe';

const pieceBytes = 1_048_576;
/** Characters. */
const longestLine = 50_000_000;

/** Each line with its number from 1, without the line break; throws `unreadable` where it is not UTF-8. */
export async function* linesOf(
  path: string,
  breather: Breather,
): AsyncGenerator<{ line: string; number: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let number = 0;
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
    const text = rest + decode(decoder, path, piece as Buffer);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      number += 1;
      await breather.breathe();
      yield { line: text.slice(start, end), number };
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > longestLine) {
      throw new WorkbenchError(
        'too-large',
        `Line ${number + 1} of ${basename(path)} never ends.`,
        'It must hold one JSON value a line; get it again from its source.',
      );
    }
  }
  rest += decode(decoder, path);
  if (rest !== '') yield { line: rest, number: number + 1 };
}

function decode(decoder: InstanceType<typeof TextDecoder>, path: string, piece?: Buffer): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch (error) {
    throw new WorkbenchError('unreadable', `${basename(path)} is not UTF-8 text.`, 'Save it as UTF-8.', {
      cause: error,
    });
  }
}

/** The JSON value of each line; a broken line is noted and the rest goes on, empty lines are left out. */
export async function* jsonLinesOf(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): AsyncGenerator<{ value: unknown; where: string; number: number }> {
  const name = basename(path);
  for await (const { line, number } of linesOf(path, breather)) {
    if (line.trim() === '') continue;
    const where = `${name}:${number}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      rejected.push({ kind: 'not-json', where, message: (error as Error).message });
      continue;
    }
    yield { value, where, number };
  }
}

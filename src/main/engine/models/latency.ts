/** Measures how long a method takes, as a whole and stage by stage. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  unwatched,
  type LatencyMeasurement,
  type StageLatency,
  type StageTiming,
  type WorkControl,
} from '../../../common/contract';
import { decodeImage } from '../imaging/decode';
import type { DecodedImage } from '../imaging/image';
import type { ImageState, Method } from '../methods/method';

const repetitions = 7;

/** Medians after one round that warms up; each round prepares the picture anew and asks a text not asked before. */
export async function measureLatency(
  method: Method,
  { image, text }: { image: DecodedImage; text: string },
  control: WorkControl = unwatched,
): Promise<Pick<LatencyMeasurement, 'method' | 'prepare' | 'ground' | 'repetitions' | 'stages'>> {
  const preparing: number[] = [];
  const grounding: number[] = [];
  const rounds: StageTiming[][] = [];
  control.begin('Measuring', repetitions + 1);
  for (let repetition = 0; repetition <= repetitions; repetition += 1) {
    control.signal.throwIfAborted();
    control.say(repetition === 0 ? 'Warming up' : `Round ${repetition} of ${repetitions}`);
    const startedAt = performance.now();
    const state: ImageState = await method.prepare(image);
    const preparedAt = performance.now();
    // A method may keep what it knows of a text; another text is another question.
    const { timings } = await method.ground(state, `${text}${' again'.repeat(repetition)}`);
    if (repetition > 0) {
      preparing.push(preparedAt - startedAt);
      grounding.push(performance.now() - preparedAt);
      rounds.push(timings);
    }
    control.advance(1);
  }
  return {
    method: method.id,
    prepare: median(preparing),
    ground: median(grounding),
    repetitions,
    stages: mediansOf(rounds),
  };
}

/** A picture of the shipped demo, to measure with where a workspace has none; null where there is no demo either. */
export async function demoSample(
  resourcesPath: string,
): Promise<{ image: DecodedImage; text: string } | null> {
  const folder = join(resourcesPath, 'datasets', 'emojiref', 'images');
  const [name] = (await readdir(folder).catch(() => [])).sort();
  return name === undefined
    ? null
    : { image: await decodeImage(join(folder, name)), text: 'the small fish left of the penguin' };
}

/** The stages in their order, each with its medians; a stage that a round did not have counts as 0 in it. */
export function mediansOf(rounds: readonly (readonly StageTiming[])[]): StageLatency[] {
  const names = [...new Set(rounds.flatMap((timings) => timings.map(({ stage }) => stage)))];
  return names.map((stage) => {
    const own = rounds.map((timings) => timings.filter((timing) => timing.stage === stage));
    const sum = (of: (timing: StageTiming) => number) =>
      median(own.map((timings) => timings.reduce((total, timing) => total + of(timing), 0)));
    return {
      stage,
      milliseconds: sum(({ milliseconds }) => milliseconds),
      runtime: sum(({ runtime }) => runtime),
    };
  });
}

/** The middle value of an odd number of them, else the upper of the two in the middle; 0 of none. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

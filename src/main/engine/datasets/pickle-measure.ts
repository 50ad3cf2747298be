/**
 * Bounds on what a pickle unfolds to. Shared parts make a small file huge when walked (a list of a list of a list…,
 * each mentioned many times), and a part can contain itself; both are found here by looking at every part once.
 */
import { WorkbenchError } from '../../../common/errors';
import type { Breather } from './breathe';
import type { PickleKey, PickleValue } from './pickle-value';

const deepest = 64;
/** A REFER file of 100,000 expressions unfolds to about 4 million values. */
const mostValues = 100_000_000;
const stepsAtOnce = 4_096;

type Container = PickleValue[] | Map<PickleKey, PickleValue>;

function isContainer(value: PickleValue): value is Container {
  return Array.isArray(value) || value instanceof Map;
}

/** Throws `too-large` where the value is deeper or larger than any dataset, or contains itself. */
export async function measurePickle(root: PickleValue, breather: Breather): Promise<void> {
  if (!isContainer(root)) return;
  const measured = new Map<Container, { size: number; depth: number }>();
  const open = new Set<Container>([root]);
  const path: { container: Container; children: Iterator<PickleValue>; size: number; depth: number }[] = [];
  const enter = (container: Container) =>
    path.push({ container, children: container.values(), size: 1, depth: 1 });
  enter(root);
  let steps = 0;
  for (let place = path.at(-1); place; place = path.at(-1)) {
    if ((steps += 1) % stepsAtOnce === 0) await breather.pause();
    const next = place.children.next();
    if (next.done) {
      const { container, size, depth } = place;
      if (depth > deepest || size > mostValues) throw bomb(`${size} values, ${depth} levels deep`);
      measured.set(container, { size, depth });
      open.delete(container);
      path.pop();
      const parent = path.at(-1);
      if (parent) {
        parent.size += size;
        parent.depth = Math.max(parent.depth, depth + 1);
      }
      continue;
    }
    const child = next.value;
    if (!isContainer(child)) {
      place.size += 1;
      continue;
    }
    const known = measured.get(child);
    if (known) {
      place.size += known.size;
      place.depth = Math.max(place.depth, known.depth + 1);
    } else if (open.has(child)) {
      throw bomb('a part contains itself');
    } else {
      open.add(child);
      enter(child);
    }
  }
}

function bomb(detail: string): WorkbenchError {
  return new WorkbenchError(
    'too-large',
    `The pickle unfolds to more than a dataset can be: ${detail}.`,
    'It is not a REFER file; get it again from its source.',
  );
}

/** Answers and questions that do without the expression: what a method must beat to show that it reads. */
import type { BlindChoice, Proposal, TextChange } from '../../../common/contract';
import { boxArea, boxCentre } from '../../../common/geometry/boxes';
import type { Size } from '../../../common/geometry/types';
import { RandomNumbers } from '../evaluation/random-numbers';

/** The proposal that a blind choice takes; null where there is none. */
export function chooseBlindly(
  choice: BlindChoice,
  proposals: readonly Proposal[],
  picture: Size,
): Proposal | null {
  const worth: Record<BlindChoice, (proposal: Proposal) => number> = {
    largest: ({ box }) => boxArea(box),
    central: ({ box }) => {
      const { x, y } = boxCentre(box);
      return -Math.hypot(x - picture.width / 2, y - picture.height / 2);
    },
    confident: ({ score }) => score,
  };
  const worthOf = worth[choice];
  return proposals.reduce<Proposal | null>(
    (best, proposal) => (best === null || worthOf(proposal) > worthOf(best) ? proposal : best),
    null,
  );
}

/** The expression as the method is asked it. Shuffling depends on the words alone, so that it can be repeated. */
export function changeText(change: TextChange, expression: string): string {
  if (change === 'none') return expression;
  return change === 'removed' ? '' : shuffleWords(expression);
}

/** The words in another order, wherever there is one: a shuffle that changes nothing is drawn again. */
function shuffleWords(expression: string): string {
  const words = expression.split(/\s+/u).filter(Boolean);
  if (new Set(words).size < 2) return expression;
  const random = new RandomNumbers(seedOf(expression));
  const numbers = new Uint32Array(words.length);
  for (;;) {
    random.fill(numbers);
    const shuffled = words.toSorted();
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = numbers[last]! % (last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    if (shuffled.some((word, index) => word !== words[index])) return shuffled.join(' ');
  }
}

/** FNV-1a of the text's UTF-16 units. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Which expressions a report shows as examples, and how their answers are drawn over the picture. */
import type { ImageBox, Size } from '../../../common/geometry/types';
import type { Counted } from '../evaluation/evaluate';
import type { ExpressionAnswers } from '../evaluation/rows';
import type { Subject } from './looks';
import { empty, markup, type Markup } from './markup';
import { percent } from './words';

export const exampleGroups = ['chosen', 'worst', 'disagreed', 'best'] as const;
export type ExampleGroup = (typeof exampleGroups)[number];

/** Ids of the expressions of each group, the most telling first. */
export type ChosenExamples = Record<ExampleGroup, number[]>;

/** One expression ready to be shown. */
export interface Example {
  answers: ExpressionAnswers;
  /** Each run's box IoU, in the order of the runs. */
  ious: number[];
  /** `data:` address of the picture; null where the file could not be read, and why. */
  picture: string | null;
  problem: string;
}

/**
 * The `size` worst, most disagreed on and best expressions by the runs' IoUs; no image twice. Ties go by id, so that
 * the same rows give the same examples. `byHand`: those that a person chose, in that order, as far as they count.
 */
export function chooseExamples(
  { table, rows }: Pick<Counted, 'table' | 'rows'>,
  size: number,
  byHand: readonly number[] = [],
): ChosenExamples {
  const candidates = Array.from(rows, (row) => {
    const values = table.runs.map(({ iou }) => iou[row] ?? 0);
    return {
      expressionId: table.expressionIds[row] ?? 0,
      imageId: table.imageIds[row] ?? 0,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      spread: Math.max(...values) - Math.min(...values),
    };
  });
  type Candidate = (typeof candidates)[number];
  const shown = new Set<number>();
  const take = (
    rank: (candidate: Candidate) => number,
    wanted: (candidate: Candidate) => boolean,
  ): number[] => {
    const chosen: number[] = [];
    const ordered = candidates
      .filter(wanted)
      .sort((a, b) => rank(b) - rank(a) || a.expressionId - b.expressionId);
    for (const { expressionId, imageId } of ordered) {
      if (chosen.length === size) break;
      if (shown.has(imageId)) continue;
      shown.add(imageId);
      chosen.push(expressionId);
    }
    return chosen;
  };
  const imageOf = new Map(candidates.map(({ expressionId, imageId }) => [expressionId, imageId]));
  const chosen = [...new Set(byHand)].filter((expressionId) => imageOf.has(expressionId));
  for (const expressionId of chosen) shown.add(imageOf.get(expressionId) ?? 0);
  // With one run nothing disagrees; what everybody gets right is not among the worst.
  return {
    chosen,
    disagreed: take(
      ({ spread }) => spread,
      ({ spread }) => spread > 0,
    ),
    worst: take(
      ({ mean }) => -mean,
      ({ mean }) => mean < 0.5,
    ),
    best: take(
      ({ mean }) => mean,
      ({ mean }) => mean >= 0.5,
    ),
  };
}

/** Ground truth and answers as boxes over the picture, each line with a dark halo so that it shows on any ground. */
function overlay(size: Size, boxes: readonly { subject: Subject; box: ImageBox }[]): Markup {
  const drawn = boxes.map(({ subject, box: { x, y, width, height } }) => {
    const place = markup`x="${x}" y="${y}" width="${width}" height="${height}"`;
    return markup`<rect class="halo ${subject}" ${place}/><rect class="box ${subject}" ${place}/>`;
  });
  return markup`<svg class="overlay" viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none" aria-hidden="true">${drawn}</svg>`;
}

/** A picture with its overlays, the expression, and each run's IoU. `runs`: in the order of the answers. */
export function exampleCard(example: Example, runs: readonly { name: string; method: Subject }[]): Markup {
  const { answers, ious, picture, problem } = example;
  const { truth, imageSize } = answers;
  const boxes = [
    ...(truth.box ? [{ subject: 'ground-truth' as const, box: truth.box }] : []),
    ...answers.answers.flatMap(({ box }, index) => {
      const subject = runs[index]?.method;
      return box && subject ? [{ subject, box }] : [];
    }),
  ];
  const frame = picture
    ? markup`<div class="frame"><img src="${picture}" alt="${`Picture for: ${answers.text}`}" width="${imageSize.width}" height="${imageSize.height}">${overlay(imageSize, boxes)}</div>`
    : markup`<div class="frame missing"><p>${problem}</p></div>`;
  const rows = answers.answers.map(({ box, predicted, missingReason }, index) => {
    const run = runs[index];
    const iou = ious[index] ?? 0;
    const reason = predicted ? missingReason || 'no answer' : 'not answered';
    const outcome = box
      ? markup`<span class="iou">${percent(iou)}</span>`
      : markup`<span class="reason">${reason}</span>`;
    return markup`<li class="${iou >= 0.5 ? 'right' : 'wrong'}"><span class="key ${run?.method ?? ''}"></span><span class="who">${run?.name ?? ''}</span>${outcome}</li>`;
  });
  const facts = [answers.kind, answers.category, answers.imageKey, answers.corrected ? 'corrected' : ''];
  return markup`<figure class="example">${frame}<figcaption><p class="expression">${answers.text}</p><p class="facts">${facts.filter(Boolean).join(' · ')}</p><ul>${rows}</ul></figcaption></figure>`;
}

/** What each group is called, and by what it was chosen. */
export const exampleTitles: Record<ExampleGroup, { title: string; note: string }> = {
  chosen: { title: 'Chosen', note: 'picked by hand' },
  worst: { title: 'Worst', note: 'lowest IoU on average over the methods' },
  disagreed: { title: 'Most disagreed on', note: 'largest gap between the best and the worst answer' },
  best: { title: 'Best', note: 'highest IoU on average over the methods' },
};

export function exampleGroup(
  group: ExampleGroup,
  examples: readonly Example[],
  runs: readonly { name: string; method: Subject }[],
): Markup {
  if (examples.length === 0) return empty;
  const { title, note } = exampleTitles[group];
  const cards = examples.map((example) => exampleCard(example, runs));
  return markup`<h3>${title} <small>${note}</small></h3><div class="examples">${cards}</div>`;
}

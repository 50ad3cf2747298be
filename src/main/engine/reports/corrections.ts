/** What was corrected, and what that did to the numbers: a section, and a table of its own. */
import { countOf } from '../../../common/amounts';
import {
  correctionKinds,
  metricDescriptions,
  type CorrectionEffect,
  type CorrectionKind,
  type CorrectionMade,
  type Evaluation,
  type ShareEffect,
} from '../../../common/contract';
import { correctionKindNames, geometrySourceNames } from '../../../common/correction-words';
import { errorStageLabels, errorTypeLabels } from '../../../common/error-words';
import { csvLine } from '../../../common/csv';
import type { ImageBox } from '../../../common/geometry/types';
import { differenceCell, shareCell, textCell, type Block, type Part, type Row } from './blocks';
import type { ReportContents } from './contents';
import { count, listed, percent, runName } from './words';

/** Corrections that a page lists; tables and JSON hold all of them. */
export const mostListed = 60;

export function correctionsPart({ evaluation, corrections, correctionsMade }: ReportContents): Part {
  const part: Part = { section: 'corrections', title: 'Corrections', note: '', blocks: [] };
  if (correctionsMade.length > 0) {
    part.blocks.push({ kind: 'paragraph', text: countsWords(correctionsMade) });
    if (corrections && corrections.corrected > 0) part.blocks.push(...effectBlocks(evaluation, corrections));
    part.blocks.push(...listBlocks(evaluation, correctionsMade));
  }
  return part;
}

/** "12 boxes, the corrected ones with a mean IoU of 71.3% with the imported ones; 5 texts; …" */
function countsWords(made: readonly CorrectionMade[]): string {
  const of = (kind: CorrectionKind) => made.filter((one) => one.kind === kind);
  const words: Record<CorrectionKind, (number: number) => string> = {
    box: (number) => `${countOf(number, 'box', 'boxes')}${meanIouWords(of('box'))}`,
    mask: (number) => `${countOf(number, 'mask')} whose box stayed`,
    text: (number) => countOf(number, 'text'),
    object: (number) => `${countOf(number, 'expression')} that mean another object or none`,
    added: (number) => `${countOf(number, 'expression')} that were added`,
  };
  const parts = correctionKinds.flatMap((kind) => {
    const { length } = of(kind);
    return length > 0 ? [words[kind](length)] : [];
  });
  const authors = [...new Set(made.map(({ author }) => author).filter(Boolean))].sort();
  const by = authors.length > 0 ? `, by ${listed(authors)}` : '';
  return `Corrected${by}: ${listed(parts)}.`;
}

function meanIouWords(boxes: readonly CorrectionMade[]): string {
  const ious = boxes.flatMap(({ iou }) => (iou === null ? [] : [iou]));
  if (ious.length === 0) return '';
  const mean = ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
  return ` (IoU with the imported ones ${percent(mean)}% on average)`;
}

/** The numbers against the ground truth as imported and as corrected, with the interval of their difference. */
export function effectBlocks(evaluation: Evaluation, effect: CorrectionEffect): Block[] {
  const metrics = metricDescriptions.filter(({ name }) =>
    ['accuracy50', 'meanIou', 'maskMeanIou'].includes(name),
  );
  const rows = evaluation.runs.flatMap(({ runId }): Row[] => {
    const own = metrics.flatMap(({ name, label }): Row[] => {
      const found = effect.runs.find((one) => one.runId === runId && one.metric === name);
      if (!found) return [];
      return [effectRow(label, found)];
    });
    const errors = effect.errors
      .filter((one) => one.runId === runId && changed(one))
      .map((one) =>
        effectRow(one.of === 'type' ? errorTypeLabels[one.name] : errorStageLabels[one.name], one),
      );
    const all = [...own, ...errors];
    return all.length > 0 ? [{ group: runName(evaluation, runId) }, ...all] : [];
  });
  if (evaluation.runs.length > 1) rows.push(...agreementRows(evaluation, effect));
  return [
    { kind: 'heading', text: 'What they did to the numbers' },
    {
      kind: 'paragraph',
      text: `The boxes of ${countOf(effect.corrected, 'expression')} among the ${count(effect.count)} that count against both ground truths differ. In percent, with the interval of the difference on the same draws; of errors and of who is right together, what changed.`,
    },
    { kind: 'table', head: ['Metric', 'As imported', 'As corrected', 'Difference'], rows },
  ];
}

/** Also where as many came as went. */
function changed({ difference }: ShareEffect): boolean {
  return difference.low !== 0 || difference.high !== 0;
}

function effectRow(heading: string, { original, now, difference }: ShareEffect): Row {
  return { heading, cells: [shareCell(original), shareCell(now), differenceCell(difference)] };
}

/** Who is right together: the ceiling, and of the sets of runs those that changed. */
function agreementRows(evaluation: Evaluation, { agreement: { oracle, sets } }: CorrectionEffect): Row[] {
  const names = (runIds: readonly number[]) => listed(runIds.map((runId) => runName(evaluation, runId)));
  return [
    { group: 'Right together' },
    effectRow('At least one of them', oracle),
    ...sets
      .filter(changed)
      .map((set) => effectRow(set.runIds.length > 0 ? `Exactly ${names(set.runIds)}` : 'None of them', set)),
  ];
}

function listBlocks(evaluation: Evaluation, made: readonly CorrectionMade[]): Block[] {
  const rows = made.slice(0, mostListed).map((one): Row => ({
    heading: `${one.text} · ${one.image}`,
    cells: [
      textCell(wayWords(evaluation, one)),
      textCell(one.originalText ?? boxWords(one.originalBox)),
      textCell(one.originalText === null ? boxWords(one.correctedBox) : one.text),
      textCell(one.kind === 'text' ? '–' : percent(one.kind === 'mask' ? one.maskIou : one.iou)),
      textCell(one.note || '–'),
    ],
  }));
  const blocks: Block[] = [
    { kind: 'heading', text: 'One by one' },
    {
      kind: 'paragraph',
      text: 'Boxes as x, y, width × height in pixels; IoU of the imported with the corrected box (or mask), in percent.',
    },
    {
      kind: 'table',
      head: ['Expression and image', 'Change', 'As imported', 'As corrected', 'IoU', 'Note'],
      rows,
      words: [1, 2, 3, 5],
    },
  ];
  const rest = made.length - rows.length;
  if (rest > 0) {
    blocks.push({
      kind: 'paragraph',
      text: `… and ${count(rest)} more: corrections.csv and report.json list all.`,
    });
  }
  return blocks;
}

/** "Box: Accepted, RisCLIP; Ada, 2026-11-25" */
function wayWords(evaluation: Evaluation, { kind, source, runId, author, savedAt }: CorrectionMade): string {
  const way = source === null ? '' : `: ${geometrySourceNames[source]}`;
  const run = runId === null ? '' : `, ${runName(evaluation, runId)}`;
  const who = [author, savedAt.slice(0, 10)].filter(Boolean).join(', ');
  return `${correctionKindNames[kind]}${way}${run}${who ? `; ${who}` : ''}`;
}

function boxWords(box: ImageBox | null): string {
  if (!box) return '–';
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map((value) =>
    Number(value.toFixed(1)),
  );
  return `${x}, ${y}, ${width} × ${height}`;
}

const boxColumns = (prefix: string) => ['x', 'y', 'width', 'height'].map((side) => `${prefix}_${side}`);
const boxCells = (box: ImageBox | null) =>
  box ? [box.x, box.y, box.width, box.height] : [null, null, null, null];

/** All of them, one a line; docs/evaluation.md describes the columns. */
export function* correctionsCsv(made: readonly CorrectionMade[]): Iterable<string> {
  yield csvLine([
    ...['kind', 'image', 'referent', 'expressions', 'text', 'original_text'],
    ...boxColumns('original'),
    ...boxColumns('corrected'),
    ...['iou', 'mask_iou', 'source', 'run', 'author', 'saved_at', 'note'],
  ]);
  for (const one of made) {
    yield csvLine([
      ...[one.kind, one.image, one.referent, JSON.stringify(one.expressions), one.text, one.originalText],
      ...boxCells(one.originalBox),
      ...boxCells(one.correctedBox),
      ...[one.iou, one.maskIou, one.source, one.runId, one.author, one.savedAt, one.note],
    ]);
  }
}

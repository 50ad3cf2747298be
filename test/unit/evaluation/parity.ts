/** How far each metric is from an independent reference: the table of docs/parity.md. */
import { readFileSync } from 'node:fs';
import { metricDescriptions } from '../../../src/common/contract';
import { boundaryF } from '../../../src/main/engine/evaluation/boundary';
import { energyInBox, mapInMask } from '../../../src/main/engine/evaluation/measure-maps';
import { exactMcNemar } from '../../../src/main/engine/evaluation/significance';
import { absentGolden, evaluateGolden, golden, inclusiveGolden } from './golden';
import type { MeasurementsGolden } from './measurements-golden';

/** A metric or a test, with what its golden values come from. */
const references: Record<string, string> = {
  ...Object.fromEntries(metricDescriptions.map(({ label }) => [label, 'numpy'])),
  'Mask mIoU': 'numpy over pixels',
  'Mask oIoU': 'numpy over pixels',
  'Median IoU': 'numpy.median',
  'GIoU Acc@0.5': 'pycocotools, numpy',
  AURC: 'numpy, going through every answer',
  ECE: 'numpy',
  'No-referent detection': 'numpy.quantile',
  'No-referent AUROC': 'scikit-learn roc_auc_score',
  'Acc@0.5': 'pycocotools, numpy',
  mIoU: 'pycocotools, numpy',
  'Boundary F': 'scipy.ndimage',
  'Map AUC': 'scikit-learn roc_auc_score',
};

/** What is no metric of the contract by its name. */
const otherNames: Record<string, string> = {
  curve: 'Accuracy curve',
  histogram: 'IoU histogram',
  chance: 'Chance',
  difference: 'Paired difference',
  detectable: 'Power',
  pValue: 'McNemar, exact',
  correctedPValue: 'Holm’s correction',
};
const otherReferences: Record<string, string> = {
  'Accuracy curve': 'numpy',
  'IoU histogram': 'numpy.histogram',
  Chance: 'numpy',
  'Paired difference': 'numpy.percentile',
  Power: 'scipy.stats.norm',
  'McNemar, exact': 'scipy.stats.binomtest',
  'Holm’s correction': 'numpy',
  'IoU, last pixel included': 'pycocotools',
  'GIoU, last pixel included': 'numpy',
};

export interface ParityRow {
  name: string;
  reference: string;
  /** Numbers compared. */
  count: number;
  /** Largest difference of the numbers themselves, and of the ends of their intervals (null: they have none). */
  value: number;
  interval: number | null;
}

class Differences {
  readonly #rows = new Map<string, { count: number; value: number; interval: number | null }>();

  add(name: string, isEnd: boolean, actual: number, expected: number): void {
    const row = this.#rows.get(name) ?? { count: 0, value: 0, interval: null };
    const difference = Math.abs(actual - expected);
    row.count += 1;
    if (isEnd) row.interval = Math.max(row.interval ?? 0, difference);
    else row.value = Math.max(row.value, difference);
    this.#rows.set(name, row);
  }

  /** Every number of the golden object; `name`: of the innermost thing that has one. */
  compare(actual: unknown, expected: unknown, name = '', isEnd = false): void {
    if (typeof expected === 'number') {
      if (name !== '') this.add(name, isEnd, Number(actual), expected);
      return;
    }
    if (expected === null || typeof expected !== 'object') return;
    for (const [key, entry] of Object.entries(expected)) {
      if (key === 'maskPrecision' && Array.isArray(entry)) {
        const own = (actual as Record<string, number[] | null>)[key];
        entry.forEach((one: number, index) => {
          const label = metricDescriptions.find(
            ({ name: metric }) => metric === `maskPrecision${50 + 10 * index}`,
          )?.label;
          this.add(label ?? '', false, own?.[index] ?? Number.NaN, one);
        });
        continue;
      }
      const metric = metricDescriptions.find((one) => one.name === key)?.label;
      const own = metric ?? otherNames[key] ?? name;
      const ends = isEnd || ['low', 'high'].includes(key);
      this.compare((actual as Record<string, unknown> | null)?.[key], entry, own, ends);
    }
  }

  rows(): ParityRow[] {
    return [...this.#rows]
      .map(([name, row]) => ({
        name,
        reference: references[name] ?? otherReferences[name] ?? '',
        ...row,
      }))
      .filter(({ reference }) => reference !== '');
  }
}

export function parityRows(measurements: MeasurementsGolden): ParityRow[] {
  const differences = new Differences();
  for (const protocol of golden.evaluations) {
    const { runs, pairs } = evaluateGolden(protocol);
    differences.compare(runs, protocol.runs);
    differences.compare(pairs, protocol.pairs);
  }
  for (const one of golden.absents) {
    const { auroc, detection } = absentGolden(one);
    const asMetrics = (from: { auroc: unknown; detection: unknown }) => ({
      noReferentDetection: from.detection,
      noReferentAuroc: from.auroc,
    });
    differences.compare(asMetrics({ auroc, detection }), asMetrics(one));
  }
  inclusiveGolden().forEach((run, index) =>
    run.forEach(({ iou, giou }, row) => {
      const expected = golden.inclusive[index]?.[row];
      differences.add('IoU, last pixel included', false, iou, expected?.iou ?? Number.NaN);
      differences.add('GIoU, last pixel included', false, giou, expected?.giou ?? Number.NaN);
    }),
  );
  for (const { onlyA, onlyB, pValue } of golden.mcnemar) {
    differences.add('McNemar, exact', false, exactMcNemar(onlyA, onlyB), pValue);
  }
  for (const one of measurements.maps) {
    const [x, y, width, height] = one.box;
    const inMask = mapInMask(one.map, one.mask);
    differences.add(
      'Energy in box',
      false,
      energyInBox(one.map, { x, y, width, height }, one.image),
      one.energyInBox,
    );
    differences.add('Energy in mask', false, inMask.energy, one.energyInMask);
    differences.add('Map AUC', false, inMask.auc, one.mapAuc);
  }
  for (const one of measurements.outlines) {
    differences.add('Boundary F', false, boundaryF(one.a, one.b), one.boundaryF);
  }
  return differences.rows();
}

/** A difference as it is written: nothing, or a power of ten that it is below. */
function below(difference: number | null): string {
  if (difference === null) return '';
  return difference === 0 ? '0' : `< 1e${Math.ceil(Math.log10(difference))}`;
}

export function parityPage(): string {
  const measurements = JSON.parse(
    readFileSync('test/fixtures/metrics/measurements.json', 'utf8'),
  ) as MeasurementsGolden;
  const rows = parityRows(measurements).map(({ name, reference, count, value, interval }) => {
    return `| ${name} | ${reference} | ${count} | ${below(value)} | ${below(interval)} |`;
  });
  return `# Parity with independent references

Every metric against golden values made by code that shares nothing with the workbench (\`test/fixtures/metrics/*.py\`), over
random answers of three methods, five protocols, all slices by kind. The largest difference may be 1e-9 (tests).
\`npm run parity\` makes this table; a test holds it to what the code gives.

| metric | reference | numbers compared | largest difference of a value | of an interval’s end |
| ------ | --------- | ---------------- | ----------------------------- | -------------------- |
${rows.join('\n')}
`;
}

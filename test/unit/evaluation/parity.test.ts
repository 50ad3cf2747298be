import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricDescriptions } from '../../../src/common/contract';
import { parityPage, parityRows } from './parity';
import type { MeasurementsGolden } from './measurements-golden';

const measurements = JSON.parse(
  readFileSync('test/fixtures/metrics/measurements.json', 'utf8'),
) as MeasurementsGolden;

it('every metric is compared, and none is off by more than 1e-9', () => {
  const rows = parityRows(measurements);
  const names = new Set(rows.map(({ name }) => name));
  expect(metricDescriptions.filter(({ label }) => !names.has(label))).toEqual([]);
  for (const { name, count, value, interval } of rows) {
    expect(count, name).toBeGreaterThan(0);
    expect(Math.max(value, interval ?? 0), name).toBeLessThan(1e-9);
  }
});

it('the documentation has the table of what is compared', () => {
  // Metric, reference and how many numbers; the last bits of a difference are the machine's own.
  const rowsOf = (text: string) =>
    [...text.matchAll(/^\|([^|]+)\|([^|]+)\|([^|]+)\|/gm)].map((row) =>
      row.slice(1).map((cell) => cell.trim().replace(/^-+$/, '-')),
    );
  expect(rowsOf(readFileSync('docs/parity.md', 'utf8'))).toEqual(rowsOf(parityPage()));
});

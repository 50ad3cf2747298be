/** Keys of charts, from how the runs look. Pure. */
import type { ChartKey } from '../../charts/chart-document';
import type { RunLook } from '../../charts/series';

export function lineKeys(looks: readonly RunLook[]): ChartKey[] {
  return looks.map(({ name, colour, dash, letter }) => ({ name, colour, dash, letter, kind: 'line' }));
}

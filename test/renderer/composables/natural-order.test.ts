import { expect, it } from 'vitest';
import { inNaturalOrder } from '../../../src/renderer/composables/natural-order';

it('orders numbers in names by their value, and letters without regard to case and accents', () => {
  const names = ['View 10', 'view 2', 'View 1', 'éclair', 'Echo', 'zebra'];
  expect(names.sort(inNaturalOrder)).toEqual(['Echo', 'éclair', 'View 1', 'view 2', 'View 10', 'zebra']);
});

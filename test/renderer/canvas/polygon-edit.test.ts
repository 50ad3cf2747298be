import { describe, expect, it } from 'vitest';
import { cornerAt, edgeAt } from '../../../src/renderer/canvas/kernels/polygon-edit';

const corners = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 100, y: 80 },
];

describe('a polygon under the pointer', () => {
  it('gives the nearest corner within reach', () => {
    expect(cornerAt(corners, { x: 96, y: 3 }, 9)).toBe(1);
    expect(cornerAt(corners, { x: 50, y: 0 }, 9)).toBeNull();
    expect(cornerAt([], { x: 0, y: 0 }, 9)).toBeNull();
  });

  it('gives the place of a new corner on an edge, that which closes it among them', () => {
    expect(edgeAt(corners, { x: 50, y: 4 }, 7)).toBe(1);
    expect(edgeAt(corners, { x: 97, y: 40 }, 7)).toBe(2);
    expect(edgeAt(corners, { x: 50, y: 41 }, 7)).toBe(3);
    expect(edgeAt(corners, { x: 20, y: 70 }, 7)).toBeNull();
    expect(edgeAt(corners.slice(0, 1), { x: 0, y: 0 }, 7)).toBeNull();
  });
});

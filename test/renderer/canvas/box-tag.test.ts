import { describe, expect, it } from 'vitest';
import type { ScreenBox } from '../../../src/common/geometry/types';
import { tagPlace, tagSize } from '../../../src/renderer/canvas/kernels/box-tag';

const box = { x: 100, y: 50, width: 80, height: 60 } as ScreenBox;

describe('the letter of a box', () => {
  it('stands outside the box, where no other letter of a coinciding box does', () => {
    const places = [0, 1, 2, 3].map((corner) => tagPlace(box, corner, false));
    for (const [index, a] of places.entries()) {
      expect(a.y + tagSize <= box.y || a.y >= box.y + box.height).toBe(true);
      for (const b of places.slice(index + 1)) {
        expect(Math.abs(a.x - b.x) >= tagSize || Math.abs(a.y - b.y) >= tagSize).toBe(true);
      }
    }
  });

  it('leaves room for the handles of a box that is edited', () => {
    for (const corner of [0, 1, 2, 3]) {
      const [resting, edited] = [tagPlace(box, corner, false), tagPlace(box, corner, true)];
      const middle = box.y + box.height / 2;
      expect(Math.abs(edited.y + tagSize / 2 - middle)).toBe(Math.abs(resting.y + tagSize / 2 - middle) + 5);
    }
  });
});

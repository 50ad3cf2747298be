import { describe, expect, it } from 'vitest';
import { matchWords } from '../../../src/renderer/shell/match-words';

describe('finding a command by its words', () => {
  it('wants every word, in any order, cut short or not', () => {
    expect(matchWords('sh key', 'Show all keys')).not.toBeNull();
    expect(matchWords('keys show', 'Show all keys')).not.toBeNull();
    expect(matchWords('keys hide', 'Show all keys')).toBeNull();
    expect(matchWords('', 'Show all keys')).toBe(0);
  });

  it('ranks the start of the label before the start of a word before the middle of one', () => {
    const ranks = ['Report', 'Go to Report', 'Unreported'].map((label) => matchWords('report', label) ?? 0);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(new Set(ranks).size).toBe(3);
  });

  it('takes signs for what they are', () => {
    expect(matchWords('(iou)', 'Sort by IoU')).toBeNull();
    expect(matchWords('yolo+clip', 'Accept YOLO+CLIP')).not.toBeNull();
  });
});

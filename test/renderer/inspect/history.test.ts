import { describe, expect, it } from 'vitest';
import type { GroundTruthRevision, TextStep } from '../../../src/common/contract';
import { revisionTitle } from '../../../src/common/correction-words';
import { thumbnailSource } from '../../../src/renderer/canvas/kernels/thumbnail';
import { mergeHistory } from '../../../src/renderer/views/inspect/useHistory';

const revision = (number: number, savedAt: string): GroundTruthRevision => ({
  revision: number,
  referentId: 1,
  box: null,
  mask: null,
  source: 'edited',
  label: 'Move box',
  runId: null,
  author: '',
  savedAt,
  current: false,
});
const text = (stepId: number, savedAt: string): TextStep => ({
  stepId,
  expressionId: 1,
  label: 'Edit expression',
  before: 'a',
  after: 'b',
  author: '',
  savedAt,
});

describe('a history', () => {
  it('has geometry and words in the order in which they were made, newest first', () => {
    const entries = mergeHistory(
      [revision(3, '2026-11-25T10:03'), revision(1, '2026-11-25T10:01')],
      [text(9, '2026-11-25T10:04'), text(5, '2026-11-25T10:02'), text(2, '2026-11-25T09:00')],
      false,
    );
    const names = entries.map((each) => (each.kind === 'text' ? each.step.stepId : each.revision.revision));
    expect(names).toEqual([9, 3, 5, 1, 2]);
  });

  it('keeps edits of the text back that are older than the revisions read so far', () => {
    const entries = mergeHistory([revision(3, '10:03')], [text(5, '10:04'), text(2, '09:00')], true);
    expect(entries.map(({ kind }) => kind)).toEqual(['text', 'geometry']);
  });
});

it('a revision is called what undo called its step; those from before have their kind', () => {
  expect(revisionTitle({ revision: 4, source: 'edited', label: 'Resize box' })).toBe('Resize box');
  expect(revisionTitle({ revision: 4, source: 'undo', label: 'Brush mask' })).toBe('Undo: Brush mask');
  expect(revisionTitle({ revision: 4, source: 'redo', label: 'Brush mask' })).toBe('Redo: Brush mask');
  expect(revisionTitle({ revision: 4, source: 'accepted', label: null }, 'RisCLIP')).toBe(
    'Accepted from RisCLIP',
  );
  expect(revisionTitle({ revision: 4, source: 'edited', label: null })).toBe('Edited');
  expect(revisionTitle({ revision: 0, source: 'imported', label: null })).toBe('Imported original');
});

it('a thumbnail asks for a picture as sharp as it shows it, in sizes of powers of two', () => {
  const image = { width: 8_000, height: 6_000 };
  const shape = { width: 72, height: 54 };
  expect(thumbnailSource({ x: 0, y: 0, width: 8_000, height: 6_000 }, image, shape, 1)).toBe(256);
  expect(thumbnailSource({ x: 0, y: 0, width: 720, height: 540 }, image, shape, 1)).toBe(1_024);
  expect(thumbnailSource({ x: 0, y: 0, width: 720, height: 540 }, image, shape, 2)).toBe(2_048);
});

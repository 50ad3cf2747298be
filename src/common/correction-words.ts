/** What people changed, in words, and how they came by it: the same in Inspect and in reports. */
import type { CorrectionKind, GeometrySource } from './contract';

export const geometrySourceNames: Record<GeometrySource, string> = {
  imported: 'Imported original',
  drawn: 'Drawn',
  edited: 'Edited',
  segmented: 'Cut out by clicks',
  accepted: 'Accepted',
  split: 'Split from a shared object',
  undo: 'Undo',
  redo: 'Redo',
  reverted: 'Reverted',
};

export const correctionKindNames: Record<CorrectionKind, string> = {
  box: 'Box',
  mask: 'Mask alone',
  text: 'Text',
  object: 'Another object is meant',
  added: 'Expression added',
};

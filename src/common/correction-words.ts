/** What people changed, in words, and how they came by it: the same in Inspect and in reports. */
import type { CorrectionKind, GeometrySource, GroundTruthRevision } from './contract';

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

/**
 * What a revision was, in the words of undo: "Resize box", "Undo: Resize box". Those from before workspaces kept that
 * have their kind, with whose answer it was where a person accepted one.
 */
export function revisionTitle(
  { revision, source, label }: Pick<GroundTruthRevision, 'revision' | 'source' | 'label'>,
  methodName: string | null = null,
): string {
  if (revision === 0) return geometrySourceNames.imported;
  if (label === null) return geometrySourceNames[source] + (methodName === null ? '' : ` from ${methodName}`);
  return source === 'undo' || source === 'redo' ? `${geometrySourceNames[source]}: ${label}` : label;
}

export const correctionKindNames: Record<CorrectionKind, string> = {
  box: 'Box',
  mask: 'Mask alone',
  text: 'Text',
  object: 'Another object is meant',
  added: 'Expression added',
};

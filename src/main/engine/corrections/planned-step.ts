import type { StoredChange } from '../workspace/repositories/corrections';

/** A change beside the state that it replaces, and whose undo stack it belongs on. */
export interface PlannedStep {
  imageId: number;
  before: StoredChange;
  after: StoredChange;
  changes: boolean;
}

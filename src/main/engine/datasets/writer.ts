/** What a writer of a format is given and tells. */
import type { DatasetSummary, MaskForm, WorkControl } from '../../../common/contract';
import type { DatasetContent } from './model';

export interface WriteRequest {
  /** An empty folder. */
  folder: string;
  dataset: Pick<DatasetSummary, 'name' | 'description' | 'licence' | 'root'>;
  content: DatasetContent;
  /** Whether images are copied along. */
  images: boolean;
  masks: MaskForm;
  control: WorkControl;
}

/**
 * What the format's own files hold: for each item that is in them, by the workbench's key, the key under which the
 * format's reader will find it (for images: the file). Whatever is not here is only in the supplement.
 */
export interface Written {
  images: Map<string, string>;
  referents: Map<string, string>;
  expressions: Map<string, string>;
  /** Names of the annotation files. */
  files: string[];
  /** Masks that could not be written in the form that was asked for, and were written as packed run lengths. */
  masksKeptPacked?: number;
}

export type DatasetWriter = (request: WriteRequest) => Promise<Written>;

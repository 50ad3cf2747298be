/** What a report is made from, before it has a format. */
import type {
  Agreement,
  CorrectionEffect,
  CorrectionMade,
  Deviation,
  Evaluation,
  ReportSection,
  RunErrors,
} from '../../../common/contract';
import type { Example, ExampleGroup } from './examples';

/** Under what the data and the models may be used; empty where that is not known. */
export interface Licences {
  dataset: string;
  /** By the pack's id. */
  packs: Readonly<Record<string, string>>;
}

/** What a person noted about a run. */
export interface RunNote {
  runId: number;
  note: string;
}

export interface ReportContents {
  /** Empty: the dataset's name stands in. */
  title: string;
  sections: readonly ReportSection[];
  evaluation: Evaluation;
  examples: Record<ExampleGroup, Example[]>;
  licences: Licences;
  /** Of the runs that have one. */
  notes: readonly RunNote[];
  /** Slices that differ most from all other expressions, the largest differences first. */
  deviations: readonly Deviation[];
  /** Of each run, what goes wrong. */
  errors: readonly RunErrors[];
  agreement: Agreement | null;
  /** null where the ground truth is as it was imported. */
  corrections: CorrectionEffect | null;
  /** What was changed, image by image. */
  correctionsMade: readonly CorrectionMade[];
}

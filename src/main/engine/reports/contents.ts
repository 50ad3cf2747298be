/** What a report is made from, before it has a format. */
import type {
  Agreement,
  CorrectionEffect,
  Evaluation,
  ReportSection,
  RunErrors,
} from '../../../common/contract';
import type { Example, ExampleGroup } from './examples';

export interface ReportContents {
  /** Empty: the dataset's name stands in. */
  title: string;
  sections: readonly ReportSection[];
  evaluation: Evaluation;
  examples: Record<ExampleGroup, Example[]>;
  /** Of each run, what goes wrong. */
  errors: readonly RunErrors[];
  agreement: Agreement | null;
  /** null where the ground truth is as it was imported. */
  corrections: CorrectionEffect | null;
}

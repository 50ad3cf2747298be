import type { ReportContents } from './contents';

/** The evaluation and, beyond it, what the sections show; docs/report.schema.json describes it. */
export function reportJson({ evaluation, errors, agreement, notes, ...contents }: ReportContents): string {
  const { deviations, corrections: correctionEffect, correctionsMade: corrections } = contents;
  const everything = { ...evaluation, notes, errors, agreement, deviations, correctionEffect, corrections };
  return `${JSON.stringify(everything, null, 2)}\n`;
}

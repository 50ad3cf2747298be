/** The long calls there are (see works.ts). */
export const workNames = [
  'preview',
  'import-predictions',
  'export-predictions',
  'export-dataset',
  'remove-dataset',
  'change-many',
  'evaluation',
  'analysis',
  'save-evaluation',
  'open-evaluation',
  'report',
  'report-preview',
  'print-report',
  'backup',
  'restore',
  'integrity',
  'export-logs',
  'install-pack',
  'verify-pack',
  'measure',
] as const;
export type WorkName = (typeof workNames)[number];

/** What each work is called while it is under way. */
export const workTitles: Record<WorkName, string> = {
  preview: 'Look at a dataset',
  'import-predictions': 'Import predictions',
  'export-predictions': 'Export predictions',
  'export-dataset': 'Export a dataset',
  'remove-dataset': 'Remove a dataset',
  'change-many': 'Change many expressions',
  evaluation: 'Evaluate',
  analysis: 'Look into an evaluation',
  'save-evaluation': 'Save an evaluation',
  'open-evaluation': 'Open a saved evaluation',
  report: 'Write a report',
  'report-preview': 'Show a report',
  'print-report': 'Print a report',
  backup: 'Back up the workspace',
  restore: 'Restore a backup',
  integrity: 'Check the workspace',
  'export-logs': 'Export the logs',
  'install-pack': 'Install a pack',
  'verify-pack': 'Verify a pack',
  measure: 'Measure times',
};

/** Works that count bytes; all others count items. */
export const worksInBytes: ReadonlySet<WorkName> = new Set<WorkName>([
  'backup',
  'restore',
  'install-pack',
  'verify-pack',
]);

/** Works of which only the newest counts: what was asked before is stopped when it is asked anew. */
export const newestCounts: ReadonlySet<WorkName> = new Set<WorkName>(['evaluation']);

/** Works that go on to their end: the workspace is the one or the other, and nothing waits on it meanwhile. */
export const goesToItsEnd: ReadonlySet<WorkName> = new Set<WorkName>(['restore']);

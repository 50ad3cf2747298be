/**
 * How the command line asks Electron for a PDF: `--print-report=<folder>`. The folder holds the page; Electron puts the
 * PDF beside it, or an ErrorValue that says why there is none.
 */
export const printTask = {
  option: 'print-report',
  page: 'report.html',
  pdf: 'report.pdf',
  problem: 'problem.json',
} as const;

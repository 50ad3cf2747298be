/** A report as PDF: the very page that is exported as HTML, printed in a hidden window that runs no script. */
import { BrowserWindow } from 'electron';
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportOptions } from '../../common/contract';
import { toErrorValue, WorkbenchError } from '../../common/errors';
import { reportAddress } from '../../common/report-address';

/** Inches: the page's own style says the same in millimetres. */
const margins = { top: 0.63, bottom: 0.63, left: 0.59, right: 0.59 };
const pageNumbers =
  '<div style="width: 100%; font: 8px sans-serif; text-align: center; color: #505868"><span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/** Writes report.pdf into a folder; it appears whole or not at all. */
export async function printReport(options: ReportOptions, folder: string): Promise<{ path: string }> {
  const bytes = await printPage(reportAddress(options));
  const path = join(folder, 'report.pdf');
  const unfinished = join(folder, `.report.pdf.${randomUUID()}.unfinished`);
  try {
    await writeFile(unfinished, bytes, { flag: 'wx' });
    await rename(unfinished, path);
  } catch (error) {
    const { kind, message, hint } = toErrorValue(error, '');
    throw new WorkbenchError(kind, `The PDF cannot be written to ${folder}: ${message}`, hint, {
      cause: error,
    });
  } finally {
    await rm(unfinished, { force: true });
  }
  return { path };
}

/** The page at an address of the report scheme as PDF: A4, page numbers, outline, tags for screen readers. */
export async function printPage(address: string): Promise<Uint8Array> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  });
  try {
    let status = 0;
    window.webContents.on('did-navigate', (_event, _url, code) => (status = code));
    await window.loadURL(address);
    if (status !== 200) {
      throw new WorkbenchError(
        'not-found',
        'There is no report to print.',
        'The preview says what is missing.',
      );
    }
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: pageNumbers,
      margins,
      generateDocumentOutline: true,
      generateTaggedPDF: true,
    });
  } finally {
    window.destroy();
  }
}

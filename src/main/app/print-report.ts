/** A report as PDF: the very page that is exported as HTML, printed in a hidden window that runs no script. */
import { BrowserWindow } from 'electron';
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwatched, type ReportOptions, type WorkControl } from '../../common/contract';
import { toErrorValue, WorkbenchError } from '../../common/errors';
import { reportAddress } from '../../common/report-address';

/** Inches: the page's own style says the same in millimetres. */
const margins = { top: 0.63, bottom: 0.63, left: 0.59, right: 0.59 };
const pageNumbers =
  '<div style="width: 100%; font: 8px sans-serif; text-align: center; color: #505868"><span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/** How the engine makes the page that is printed. */
export interface PageMaking {
  /** Runs what waits for the page, and tells how far the engine is with it. */
  whileMade<Value>(make: () => Promise<Value>): Promise<Value>;
  /** The page is no longer wanted. */
  giveUp(): void;
}

/** Writes report.pdf into a folder; it appears whole or not at all. */
export async function printReport(
  options: ReportOptions,
  folder: string,
  control: WorkControl,
  making: PageMaking,
): Promise<{ path: string }> {
  const bytes = await printPage(reportAddress(options), control, making);
  control.begin('Writing report.pdf');
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
export async function printPage(
  address: string,
  control: WorkControl = unwatched,
  making: PageMaking = { whileMade: (make) => make(), giveUp: () => undefined },
): Promise<Uint8Array> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  });
  // Ends also what would never answer once its window is gone.
  let stop = () => undefined as void;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => {
      making.giveUp();
      reject(control.signal.reason as Error);
    };
  });
  stopped.catch(() => undefined);
  control.signal.addEventListener('abort', stop, { once: true });
  let printing: Promise<Uint8Array> | null = null;
  try {
    let status = 0;
    window.webContents.on('did-navigate', (_event, _url, code) => (status = code));
    control.begin('Making the page');
    await making.whileMade(() => Promise.race([stopped, window.loadURL(address)]));
    if (status !== 200) {
      throw new WorkbenchError(
        'not-found',
        'There is no report to print.',
        'The preview says what is missing.',
      );
    }
    control.begin('Printing the pages');
    printing = window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: pageNumbers,
      margins,
      generateDocumentOutline: true,
      generateTaggedPDF: true,
    });
    return await Promise.race([stopped, printing]);
  } finally {
    control.signal.removeEventListener('abort', stop);
    // A window that is destroyed while it prints keeps every later one from printing.
    void Promise.allSettled([printing]).then(() => window.destroy());
  }
}

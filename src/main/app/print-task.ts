/** Electron without a window of its own and without an engine: prints the one page that the command line names. */
import { app, protocol, session } from 'electron';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportScheme } from '../../common/channels';
import { toErrorValue } from '../../common/errors';
import { printTask } from '../../common/print-task';
import { printPage } from './print-report';
import { reportPage } from './report-protocol';
import { guardContents, guardSession } from './security';

/** Ends the application: with 0 and a PDF in the folder, or with 1 and a problem there. */
export async function runPrintTask(folder: string): Promise<void> {
  let code = 0;
  try {
    await writeFile(
      join(folder, printTask.pdf),
      await print(await readFile(join(folder, printTask.page), 'utf8')),
    );
  } catch (error) {
    code = 1;
    await writeFile(join(folder, printTask.problem), JSON.stringify(toErrorValue(error, '')));
  } finally {
    app.exit(code);
  }
}

/** Under the same rules as the window's pages: no script, no permission, nothing from the network. */
async function print(html: string): Promise<Uint8Array> {
  const refused = (what: string, details: Record<string, unknown>) => {
    console.error(`Refused: ${what}`, details);
  };
  guardContents(app, refused);
  // Otherwise Electron ends with its last window, before the PDF is written.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  guardSession(session.defaultSession, refused);
  protocol.handle(reportScheme, () => reportPage(html));
  return printPage(`${reportScheme}://report/`);
}

/** Brings the page back when its process ended: at once and at the same place, but not for ever. */
import { app, dialog, type BrowserWindow } from 'electron';
import type { ErrorValue } from '../../common/errors';
import { startPage } from './page-address';

export interface PageRevivalParts {
  log(message: string, details: Record<string, unknown>): string;
  /** Lets the page begin anew at its first screen. */
  forgetPlace(): void;
}

const crashesAllowed = 3;
const crashWindow = 60_000;

export class PageRevival {
  private crashes: number[] = [];
  private crash: ErrorValue | null = null;

  constructor(private readonly parts: PageRevivalParts) {}

  /** Why the page was loaded anew; told once, because a page that is loaded anew by hand has not crashed. */
  takeCrash(): ErrorValue | null {
    const { crash } = this;
    this.crash = null;
    return crash;
  }

  watch(window: BrowserWindow): void {
    const { webContents } = window;
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      const id = this.parts.log('The page crashed', { reason, exitCode });
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      this.crash = {
        kind: 'internal',
        message: `The window stopped unexpectedly (${reason}) and is back.`,
        hint: 'It is where it was; nothing that was saved is lost.',
        id,
      };
      const now = Date.now();
      this.crashes = [...this.crashes.filter((time) => now - time < crashWindow), now];
      if (this.crashes.length < crashesAllowed) webContents.reload();
      else void this.ask(window, id);
    });
  }

  /** Three times in a minute: what is shown may be the cause. */
  private async ask(window: BrowserWindow, id: string): Promise<void> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: `The window stopped ${this.crashes.length} times within a minute.`,
      detail: `What was saved is safe. It can begin anew at its first screen. Log id ${id}`,
      buttons: ['Begin anew', 'Quit'],
    });
    if (response === 1) {
      app.quit();
      return;
    }
    this.crashes = [];
    this.parts.forgetPlace();
    void window.loadURL(startPage);
  }
}

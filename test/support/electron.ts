/**
 * Stands where Electron's module is while tests of the main process run in plain Node, and keeps what was registered
 * with it. Electron itself is exercised by the tests in the real window.
 */
type Handler = (event: unknown, ...args: unknown[]) => Promise<unknown>;

export const registered = new Map<string, Handler>();

export const ipcMain = {
  handle(channel: string, handler: Handler): void {
    registered.set(channel, handler);
  },
};

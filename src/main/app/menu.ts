/** The native menu. What the window itself does has its keys there; this holds what belongs to the application. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  restartEngine(): void;
  showLogs(): void;
  showWorkspace(): void;
  showDocumentation(): void;
}

export function setApplicationMenu(actions: MenuActions): void {
  const isMac = process.platform === 'darwin';
  const workbench: MenuItemConstructorOptions = {
    label: 'Workbench',
    submenu: [
      { label: 'Show Workspace Folder', click: actions.showWorkspace },
      { label: 'Show Log Folder', click: actions.showLogs },
      { label: 'Restart Engine', click: actions.restartEngine },
      { type: 'separator' },
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [{ label: 'Show Documentation Folder', click: actions.showDocumentation }],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
      workbench,
      { role: 'editMenu' },
      view,
      { role: 'windowMenu' },
      help,
    ]),
  );
}

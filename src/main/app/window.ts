/** The workbench's one window. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { startPage } from './page-address';
import { readWindowState, writeWindowState } from './window-state';

/** Background before the page has painted, as in the page's design tokens, so that no white flashes. */
const background = { light: '#f6f7f9', dark: '#14161a' };

export interface WindowParts {
  preload: string;
  stateFile: string;
}

export function openWindow({ preload, stateFile }: WindowParts): BrowserWindow {
  const remembered = readWindowState(
    stateFile,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    width: remembered?.width ?? 1440,
    height: remembered?.height ?? 900,
    ...(remembered ? { x: remembered.x, y: remembered.y } : {}),
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Grounding Workbench',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (remembered?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  void window.loadURL(startPage);
  return window;
}

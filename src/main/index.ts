/** Composes the desktop application: one window, one gate, one supervised engine; or, for the command line, a printer. */
import { app, protocol, session, shell, type BrowserWindow } from 'electron';
import { join } from 'node:path';
import { eventChannel, imageScheme, pageScheme, reportScheme } from '../common/channels';
import type { DomainName, EventName, OutputOf, Work, contract } from '../common/contract';
import type { Result } from '../common/errors';
import { printTask } from '../common/print-task';
import { answerApplicationCall, createApplicationService } from './app/dialogs';
import { EngineHost } from './app/engine-host';
import { canHostEngine, findPlainNode, forkNode } from './app/engine-process';
import { serveImages } from './app/image-protocol';
import { listenToWindow } from './app/ipc-gate';
import { openLog, type MainLog } from './app/log';
import { OwnWorks } from './app/own-works';
import { setApplicationMenu } from './app/menu';
import { PageRevival } from './app/page-revival';
import { servePages } from './app/page-protocol';
import { PlaceKeeper } from './app/place';
import { commandLineValue, findPlaces, type Places } from './app/places';
import { printReport } from './app/print-report';
import { runPrintTask } from './app/print-task';
import { TourKeeper } from './app/tour';
import { serveReports } from './app/report-protocol';
import { guardContents, guardSession } from './app/security';
import { forkUtilityProcess } from './app/utility-process';
import { openWindow } from './app/window';

type Contract = typeof contract;

let window: BrowserWindow | null = null;
let engine: EngineHost | null = null;
let keeper: PlaceKeeper | null = null;

const tellWindow = (name: EventName, payload: unknown) =>
  window?.webContents.send(eventChannel, name, payload);
const ownWorks = new OwnWorks((work) => tellWindow('work.progress', work));

function createEngineHost(places: Places, log: MainLog): EngineHost {
  const entry = join(places.built, 'engine.js');
  return new EngineHost({
    startProcess: () =>
      canHostEngine() ? forkUtilityProcess(entry) : forkNode(entry, findPlainNode(app.getAppPath())),
    start: {
      workspacePath: places.workspace,
      resourcesPath: places.resources,
      logPath: places.logs,
      version: app.getVersion(),
    },
    emit(name, payload) {
      if (name === 'work.progress') ownWorks.receive(payload as Work);
      tellWindow(name, payload);
    },
    log: log.write,
  });
}

/** A call of the contract with its output's type; the engine keeps the contract, so its answer has that type. */
function ask<Domain extends DomainName, Name extends keyof Contract[Domain] & string>(
  host: EngineHost,
  domain: Domain,
  name: Name,
  input: unknown,
): Promise<Result<OutputOf<Contract[Domain][Name]>>> {
  return host.call(domain, name, input) as Promise<Result<OutputOf<Contract[Domain][Name]>>>;
}

function showWindow(places: Places, host: EngineHost, revival: PageRevival): void {
  window = openWindow({
    preload: places.preload,
    stateFile: join(app.getPath('userData'), 'window.json'),
  });
  const { webContents } = window;
  webContents.on('did-finish-load', () => {
    webContents.send(eventChannel, 'engine.status', host.currentStatus);
  });
  revival.watch(window);
  window.on('closed', () => (window = null));
}

async function start(): Promise<void> {
  const places = findPlaces(__dirname, app.getPath('userData'), process.argv);
  const log = openLog(places.logs);
  const refused = (what: string, details: Record<string, unknown>) => {
    log.write(`Refused: ${what}`, details);
  };
  guardContents(app, refused);
  await app.whenReady();
  guardSession(session.defaultSession, refused);

  const host = createEngineHost(places, log);
  engine = host;
  host.start();

  protocol.handle(pageScheme, servePages(places.page));
  protocol.handle(
    imageScheme,
    serveImages((image) => ask(host, 'images', 'read', image)),
  );
  protocol.handle(
    reportScheme,
    serveReports((options) => ask(host, 'reports', 'preview', options)),
  );

  const place = new PlaceKeeper(join(app.getPath('userData'), 'place.json'), places.workspace);
  keeper = place;
  const revival = new PageRevival({ log: log.write, forgetPlace: () => place.forget() });
  const service = createApplicationService({
    standInRuntime: !canHostEngine(),
    logPath: places.logs,
    workspacePath: places.workspace,
    log: log.write,
    restoreBackup: (name) => host.restoreBackup(name),
    printReport: ({ options, folder }, control) =>
      printReport(options, folder, control, {
        whileMade: (make) => ownWorks.follow('report-preview', control, make),
        giveUp: () => void host.call('works', 'stop', { work: 'report-preview' }),
      }),
    restartEngine: () => host.restart(),
    place,
    tour: new TourKeeper(join(app.getPath('userData'), 'tour-over'), process.argv),
    takeCrash: () => revival.takeCrash(),
  });
  const askEngine = host.call.bind(host);
  listenToWindow({
    isOwnWindow: (sender) => window !== null && sender === window.webContents,
    answer: {
      engine: (domain, name, input) =>
        domain === 'works' ? ownWorks.answer(askEngine, name, input) : askEngine(domain, name, input),
      main: answerApplicationCall(service, ownWorks, log.write),
    },
    log: log.write,
  });
  setApplicationMenu({
    restartEngine: () => host.restart(),
    showLogs: () => void shell.openPath(places.logs),
    showWorkspace: () => void shell.openPath(places.workspace),
    showDocumentation: () => void shell.openPath(join(app.getAppPath(), 'docs')),
  });
  showWindow(places, host, revival);
  app.on('activate', () => {
    if (window === null) showWindow(places, host, revival);
  });
}

const privileges = { standard: true, secure: true, supportFetchAPI: true };
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges },
  { scheme: imageScheme, privileges },
  { scheme: reportScheme, privileges },
]);

const toPrint = commandLineValue(process.argv, printTask.option);
if (toPrint !== null) {
  void runPrintTask(toPrint);
} else if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    keeper?.flush();
    if (!engine) return;
    event.preventDefault();
    const closing = engine.close();
    engine = null;
    // `exit`, because a second `quit` out of this event is lost; all windows are closed by now.
    void closing.finally(() => setImmediate(() => app.exit(0)));
  });
  void start();
} else {
  console.error('The workbench is already open; its window comes to the front.');
  app.quit();
}

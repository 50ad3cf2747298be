/** The engine in a utility process of Electron, for an Electron whose Node can load SQLite. */
import { utilityProcess } from 'electron';
import type { MessageFromEngine } from '../../common/engine-protocol';
import type { EngineProcess } from './engine-process';

export function forkUtilityProcess(entryPath: string): EngineProcess {
  const child = utilityProcess.fork(entryPath, [], { serviceName: 'Grounding Workbench engine' });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => {
      child.on('message', (message: MessageFromEngine) => listener(message));
    },
    onExit: (listener) => {
      child.once('exit', (code) => listener(`exit code ${code}`));
    },
    kill: () => void child.kill(),
  };
}

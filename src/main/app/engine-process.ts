/**
 * Starts the engine's process. Where Electron's own Node can load SQLite (N-API 10), that is a utility process;
 * under an older Electron it is a plain Node of version 22 or newer, with the same entry file and messages.
 */
import { fork } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageFromEngine, MessageToEngine } from '../../common/engine-protocol';
import { WorkbenchError } from '../../common/errors';

/** A running engine process, whatever hosts it. */
export interface EngineProcess {
  readonly pid: number | undefined;
  send(message: MessageToEngine): void;
  onMessage(listener: (message: MessageFromEngine) => void): void;
  /** Called once, with a reason a person can read; `spawn` failures included. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export type StartProcess = () => EngineProcess;

/** N-API version that better-sqlite3 asks for. */
const neededNodeApi = 10;

export function canHostEngine(nodeApiVersion = process.versions['napi']): boolean {
  return Number(nodeApiVersion) >= neededNodeApi;
}

/**
 * A Node of version 22 or newer for an Electron that cannot host the engine: the one that the start script names,
 * else the one among the application's dependencies.
 */
export function findPlainNode(applicationPath: string, env: NodeJS.ProcessEnv = process.env): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const packaged = join(applicationPath, 'node_modules', `node-${platform}-${process.arch}`, 'bin', program);
  const found = [env['GROUNDING_WORKBENCH_NODE'], packaged].find((path) => path && existsSync(path));
  if (found) return realpathSync(found);
  throw new WorkbenchError(
    'unsupported',
    'This Electron is too old to run the engine itself, and there is no Node 22 beside it.',
    'Start the workbench with `npm start`, which installs one.',
  );
}

/** Runs the entry file in a plain Node. `execPath` is a Node binary, not a script. */
export function forkNode(entryPath: string, execPath: string): EngineProcess {
  const env = { ...process.env };
  // What is meant for Electron's processes must not change how a plain Node behaves.
  delete env['NODE_OPTIONS'];
  delete env['ELECTRON_RUN_AS_NODE'];
  const child = fork(entryPath, [], {
    execPath,
    execArgv: [],
    env,
    // Structured clone instead of JSON: images cross as bytes.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as MessageFromEngine)),
    onExit: (listener) => {
      let told = false;
      const tell = (reason: string) => {
        if (told) return;
        told = true;
        listener(reason);
      };
      child.on('exit', (code, signal) => tell(signal ? `killed by ${signal}` : `exit code ${code}`));
      child.on('error', (error) => tell(error.message));
    },
    kill: () => child.kill('SIGKILL'),
  };
}

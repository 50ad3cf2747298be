/** Processes of our own that a test may kill: a TypeScript file bundled for Node, run and talked to over lines. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { build } from 'vite';

const repository = resolve(import.meta.dirname, '../..');

export interface Bundle {
  path: string;
  dispose(): void;
}

/** Bundles a file of the repository; packages stay outside, because some of them are native, but for one that loads slowly. */
export async function bundleForNode(entry: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'grounding-workbench-bundle-'));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await build({
    configFile: false,
    root: repository,
    logLevel: 'error',
    ssr: { noExternal: ['zod'] },
    build: {
      ssr: resolve(repository, entry),
      outDir: folder,
      emptyOutDir: false,
      target: 'node22',
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'bundle.cjs' } },
    },
  });
  return {
    path: join(folder, 'bundle.cjs'),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface TestProcess {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  /** What it wrote, line by line, so far. */
  readonly lines: string[];
  /** Resolves with the first line, written or to come, that the test accepts; rejects when the process ends before. */
  line(accept: (line: string) => boolean): Promise<string>;
  /** Resolves when it has ended by itself. */
  ended: Promise<void>;
  /** SIGKILL: nothing of the process runs after it. Resolves when it is gone. */
  kill(): Promise<void>;
}

export function startProcess(
  bundle: Bundle,
  args: readonly string[],
  options: { uid?: number; gid?: number } = {},
): TestProcess {
  const child = spawn(process.execPath, [bundle.path, ...args], {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((look) => look());
  const ended = once(child, 'close').then(wake);
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  // Whoever kills a process in the middle of a write gets EPIPE; that is what the test is about.
  child.stdin.on('error', () => undefined);
  return {
    process: child,
    lines,
    line: (accept) =>
      new Promise((found, failed) => {
        const look = () => {
          const line = lines.find(accept);
          if (line === undefined && child.exitCode === null && child.signalCode === null) return;
          waiting.delete(look);
          if (line === undefined) failed(new Error(`The process ended before. ${errors.join('')}`));
          else found(line);
        };
        waiting.add(look);
        look();
      }),
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Supervises the engine's process: starts it, passes calls, and when it dies, says so and starts it anew. A call
 * that was under way is answered with `engine-crashed`; calls made while it restarts wait. After the third crash in
 * a minute it gives up until somebody asks for a restart.
 */
import type { EventName, WorkbenchEvents } from '../../common/contract';
import type { EngineStart, MessageFromEngine } from '../../common/engine-protocol';
import { WorkbenchError, type ErrorValue, type Result } from '../../common/errors';
import type { EngineProcess, StartProcess } from './engine-process';

export type EngineStatus = WorkbenchEvents['engine.status'];

export interface EngineHostOptions {
  startProcess: StartProcess;
  start: EngineStart;
  /** Every event of the engine, and `engine.status`. */
  emit<Name extends EventName>(name: Name, payload: WorkbenchEvents[Name]): void;
  log(message: string, details: Record<string, unknown>): string;
  /** Milliseconds before the first restart; each further crash within a minute doubles it. */
  firstDelay?: number;
}

const crashesAllowed = 3;
const crashWindow = 60_000;
const closingTime = 8_000;

interface PendingCall {
  domain: string;
  name: string;
  input: unknown;
  resolve(result: Result<unknown>): void;
}

export class EngineHost {
  private readonly options: EngineHostOptions;
  private process: EngineProcess | null = null;
  private ready = false;
  private closing = false;
  private status: EngineStatus = { state: 'starting', detail: '' };
  /** Why there is no engine and will be none without a restart. */
  private failure: ErrorValue | null = null;
  private nextId = 1;
  private readonly inFlight = new Map<number, PendingCall>();
  private waiting: PendingCall[] = [];
  private crashes: number[] = [];
  private restartTimer: NodeJS.Timeout | null = null;
  /** Told once how a start on a backup went: null, or why it did not. */
  private restored: ((failure: ErrorValue | null) => void) | null = null;

  constructor(options: EngineHostOptions) {
    this.options = options;
  }

  get currentStatus(): EngineStatus {
    return this.status;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** `restore`: name of a backup that this start, and no later one, puts in place first. */
  start(restore?: string): void {
    this.failure = null;
    let engineProcess: EngineProcess;
    try {
      engineProcess = this.options.startProcess();
    } catch (error) {
      const failure: ErrorValue = {
        kind: 'engine-crashed',
        message: error instanceof Error ? error.message : String(error),
        hint: (error as { hint?: string }).hint ?? '',
        id: this.options.log('The engine cannot be started', { error: String(error) }),
      };
      if (!this.settleRestore(failure)) this.giveUp(failure);
      return;
    }
    this.process = engineProcess;
    engineProcess.onMessage((message) => this.receive(engineProcess, message));
    engineProcess.onExit((reason) => this.ended(engineProcess, reason));
    engineProcess.send({
      type: 'start',
      options: { ...this.options.start, ...(restore === undefined ? {} : { restore }) },
    });
  }

  /** Answers as soon as the engine can; never rejects. */
  call(domain: string, name: string, input: unknown): Promise<Result<unknown>> {
    if (this.failure) return Promise.resolve({ ok: false, error: this.failure });
    return new Promise((resolve) => {
      const pending = { domain, name, input, resolve };
      if (this.ready) this.send(pending);
      else this.waiting.push(pending);
    });
  }

  /** Starts a fresh engine, also after it was given up. */
  restart(): void {
    this.crashes = [];
    if (this.restartTimer) clearTimeout(this.restartTimer);
    this.say('restarting', 'The engine is being restarted.');
    const old = this.process;
    this.process = null;
    this.ready = false;
    this.rejectInFlight('The engine was restarted.', '');
    old?.kill();
    this.start();
    const hint = 'Restore it again.';
    this.settleRestore({ kind: 'engine-crashed', message: 'The engine was restarted.', hint, id: '' });
  }

  /**
   * Starts a fresh engine on a backup, after the present one has finished what it writes. Calls wait meanwhile.
   * Where the backup cannot be put in place the engine is started on the workspace as it was, and the reason thrown.
   */
  async restoreBackup(name: string): Promise<void> {
    this.crashes = [];
    if (this.restartTimer) clearTimeout(this.restartTimer);
    this.say('restarting', 'A backup is being restored.');
    this.failure = null;
    this.ready = false;
    const old = this.process;
    this.process = null;
    if (old) await this.end(old);
    this.rejectInFlight('A backup is being restored.', '');
    if (this.closing) return;
    const failure = await new Promise<ErrorValue | null>((resolve) => {
      this.restored = resolve;
      this.start(name);
    });
    if (!failure) return;
    if (!this.process && !this.closing) this.start();
    throw new WorkbenchError(failure.kind, failure.message, failure.hint);
  }

  /** Lets the engine finish what it writes, then ends it. */
  async close(): Promise<void> {
    this.closing = true;
    if (this.restartTimer) clearTimeout(this.restartTimer);
    if (this.process) await this.end(this.process);
  }

  private async end(engineProcess: EngineProcess): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        engineProcess.kill();
        resolve();
      }, closingTime);
      engineProcess.onExit(() => {
        clearTimeout(timer);
        resolve();
      });
      engineProcess.send({ type: 'close' });
    });
  }

  private send(pending: PendingCall): void {
    const id = this.nextId++;
    this.inFlight.set(id, pending);
    const { domain, name, input } = pending;
    this.process?.send({ type: 'call', id, domain, name, input });
  }

  private receive(from: EngineProcess, message: MessageFromEngine): void {
    if (from !== this.process) return;
    switch (message.type) {
      case 'ready': {
        this.ready = true;
        this.settleRestore(null);
        this.say('ready', '');
        const waiting = this.waiting;
        this.waiting = [];
        for (const pending of waiting) this.send(pending);
        break;
      }
      case 'failed':
        this.process = null;
        from.kill();
        this.options.log('The engine could not open the workspace', { ...message.error });
        if (this.settleRestore(message.error)) break;
        this.giveUp(message.error);
        break;
      case 'result':
        this.inFlight.get(message.id)?.resolve(message.result);
        this.inFlight.delete(message.id);
        break;
      case 'event':
        this.options.emit(message.name, message.payload);
        break;
    }
  }

  private ended(engineProcess: EngineProcess, reason: string): void {
    if (engineProcess !== this.process) return;
    this.process = null;
    this.ready = false;
    if (this.closing) return;
    const id = this.options.log('The engine crashed', { reason });
    this.rejectInFlight(`The engine stopped unexpectedly (${reason}).`, id);
    const stopped = `The engine stopped while it restored the backup (${reason}).`;
    const hint = 'Choose another backup, or try again.';
    if (this.settleRestore({ kind: 'engine-crashed', message: stopped, hint, id })) return;
    const now = Date.now();
    this.crashes = [...this.crashes.filter((time) => now - time < crashWindow), now];
    if (this.crashes.length >= crashesAllowed) {
      this.giveUp({
        kind: 'engine-crashed',
        message: `The engine stopped ${this.crashes.length} times within a minute (${reason}).`,
        hint: 'Choose Restart Engine in the Workbench menu; what was saved is still there.',
        id,
      });
      return;
    }
    this.say('restarting', `The engine stopped unexpectedly (${reason}).`, id);
    const delay = (this.options.firstDelay ?? 500) * 2 ** (this.crashes.length - 1);
    this.restartTimer = setTimeout(() => this.start(), delay);
  }

  /** Whether somebody waited for it. */
  private settleRestore(failure: ErrorValue | null): boolean {
    const tell = this.restored;
    this.restored = null;
    tell?.(failure);
    return tell !== null;
  }

  private giveUp(error: ErrorValue): void {
    this.failure = error;
    this.say('failed', [error.message, error.hint].filter(Boolean).join(' '), error.id);
    const waiting = this.waiting;
    this.waiting = [];
    for (const pending of waiting) pending.resolve({ ok: false, error });
  }

  private rejectInFlight(message: string, id: string): void {
    const error: ErrorValue = {
      kind: 'engine-crashed',
      message,
      hint: 'It is being restarted; try again. What was saved is still there.',
      id,
    };
    for (const pending of this.inFlight.values()) pending.resolve({ ok: false, error });
    this.inFlight.clear();
  }

  private say(state: EngineStatus['state'], detail: string, logId = ''): void {
    this.status = { state, detail, ...(logId ? { logId } : {}) };
    this.options.emit('engine.status', this.status);
  }
}

/**
 * The engine as a process of its own under the window: a utility process of Electron, or a plain forked Node.
 * Gets `start` once, then calls; says `ready`, results and events. Ends when told to, or when nobody listens any more.
 */
import './compiler';
import type { MessageFromEngine, MessageToEngine } from '../../common/engine-protocol';
import { toErrorValue } from '../../common/errors';
import { createEngine, importDemoOnFirstStart, type Engine } from './index';

/** The part of Electron's parent port that is used here. */
interface ParentPort {
  on(event: 'message', listener: (message: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

interface Channel {
  send(message: MessageFromEngine): void;
  onMessage(listener: (message: MessageToEngine) => void): void;
  /** The other side is gone. */
  onClosed(listener: () => void): void;
}

function openChannel(): Channel {
  const port = (process as unknown as { parentPort?: ParentPort }).parentPort;
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', ({ data }) => listener(data as MessageToEngine)),
      // A utility process is ended by Electron itself.
      onClosed: () => {},
    };
  }
  return {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => process.on('message', (message) => listener(message as MessageToEngine)),
    onClosed: (listener) => process.on('disconnect', listener),
  };
}

const channel = openChannel();
let engine: Engine | null = null;

async function start(options: Extract<MessageToEngine, { type: 'start' }>['options']): Promise<void> {
  try {
    engine = await createEngine(options, (name, payload) => channel.send({ type: 'event', name, payload }));
  } catch (thrown) {
    channel.send({ type: 'failed', error: toErrorValue(thrown, '') });
    return;
  }
  channel.send({ type: 'ready' });
  await importDemoOnFirstStart(engine, options.resourcesPath);
}

async function close(): Promise<void> {
  await engine?.close();
  process.exit(0);
}

channel.onMessage((message) => {
  switch (message.type) {
    case 'start':
      void start(message.options);
      break;
    case 'call':
      // Calls are sent only after `ready`, so there is an engine; it never rejects.
      void engine
        ?.call(message.domain, message.name, message.input)
        .then((result) => channel.send({ type: 'result', id: message.id, result }));
      break;
    case 'close':
      void close();
      break;
  }
});
channel.onClosed(() => void close());

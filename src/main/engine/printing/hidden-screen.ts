/**
 * A screen that nobody sees: as much of a Wayland server as Chromium and GTK want before they make a window that is
 * never shown. On Linux without a display, that is all that printing a page lacks; no X server and no compositor need
 * be installed. Electron's own `--ozone-platform=headless` does not do: it ends in a crash of GTK.
 * The protocol: https://wayland.freedesktop.org/docs/html/ch04.html (wire format) and wayland.xml (messages).
 */
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';

export interface HiddenScreen {
  /** Of the process that opens its window there. */
  environment: Record<string, string>;
  /** Of Chromium. */
  switches: string[];
  close(): void;
}

/** What the server says it has, with versions that all clients know. They are asked for by their place here. */
const globals: readonly (readonly [name: string, version: number])[] = [
  ['wl_compositor', 4],
  ['wl_subcompositor', 1],
  ['wl_shm', 1],
  ['wl_data_device_manager', 3],
  ['xdg_wm_base', 2],
  ['wl_output', 2],
  ['wl_seat', 5],
];

/** `folder`: an empty one that belongs to this user alone; its path must be short enough for a socket (108 bytes). */
export async function openHiddenScreen(folder: string): Promise<HiddenScreen> {
  const path = join(folder, 'screen');
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    serve(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  return {
    environment: { WAYLAND_DISPLAY: path, XDG_RUNTIME_DIR: folder },
    switches: ['--ozone-platform=wayland'],
    close() {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}

/** The object that every connection begins with. */
const display = 1;
const requests = { sync: 0, getRegistry: 1, bind: 0 } as const;
const events = { done: 0, deleteId: 1, global: 0 } as const;

/** Answers a client's requests for what there is; all that would draw or move something is taken and left. */
function serve(client: Socket): void {
  const registries = new Set<number>();
  let serial = 0;
  const send = (object: number, event: number, ...values: (number | string)[]) => {
    client.write(message(object, event, values));
  };
  const answer = (object: number, request: number, body: Buffer) => {
    if (object === display) {
      const made = body.readUInt32LE(0);
      if (request === requests.sync) {
        send(made, events.done, (serial += 1));
        send(display, events.deleteId, made);
      } else if (request === requests.getRegistry) {
        registries.add(made);
        globals.forEach(([name, version], place) => send(made, events.global, place, name, version));
      }
    } else if (registries.has(object) && request === requests.bind) {
      const [name = ''] = globals[body.readUInt32LE(0)] ?? [];
      describe(name, (event, ...values) => send(body.readUInt32LE(body.length - 4), event, ...values));
    }
  };
  let rest = Buffer.alloc(0);
  client.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    for (let size = sizeOf(rest); size > 0; size = sizeOf(rest)) {
      answer(rest.readUInt32LE(0), rest.readUInt16LE(4), rest.subarray(headerSize, size));
      rest = rest.subarray(size);
    }
  });
  // The client ends when it likes; what is still on the way to it is lost, and nobody misses it.
  client.on('error', () => client.destroy());
}

/** What a newly bound object tells of itself. */
function describe(name: string, send: (event: number, ...values: (number | string)[]) => void): void {
  switch (name) {
    case 'wl_shm':
      // Formats of pixels: with and without transparency.
      send(0, 0);
      send(0, 1);
      break;
    case 'wl_output':
      // Place and size in millimetres; then the one mode: 1280 × 1024 pixels at 60 Hz; scale 1; that is all.
      send(0, 0, 0, 340, 270, 0, '', '', 0);
      send(1, 3, 1280, 1024, 60_000);
      send(3, 1);
      send(2);
      break;
    case 'wl_seat':
      // Neither mouse nor keyboard; without a seat Chromium crashes.
      send(0, 0);
      send(1, 'none');
      break;
  }
}

const headerSize = 8;

/** Bytes of the message that a buffer begins with; 0 where it is not whole yet. */
function sizeOf(buffer: Buffer): number {
  if (buffer.length < headerSize) return 0;
  const size = buffer.readUInt16LE(6);
  return size >= headerSize && buffer.length >= size ? size : 0;
}

/** Object, event and length, then whole numbers and strings, each filling words of 4 bytes. */
function message(object: number, event: number, values: readonly (number | string)[]): Buffer {
  const body = Buffer.concat(values.map(argument));
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(object, 0);
  header.writeUInt16LE(event, 4);
  header.writeUInt16LE(headerSize + body.length, 6);
  return Buffer.concat([header, body]);
}

function argument(value: number | string): Buffer {
  if (typeof value === 'number') {
    const word = Buffer.alloc(4);
    word.writeInt32LE(value);
    return word;
  }
  const text = Buffer.from(`${value}\0`);
  const bytes = Buffer.alloc(4 + Math.ceil(text.length / 4) * 4);
  bytes.writeUInt32LE(text.length);
  text.copy(bytes, 4);
  return bytes;
}

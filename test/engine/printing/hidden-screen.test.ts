import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHiddenScreen, type HiddenScreen } from '../../../src/main/engine/printing/hidden-screen';

interface Message {
  object: number;
  event: number;
  body: Buffer;
}

let folder = '';
let screen: HiddenScreen;
let client: Socket;
let received = Buffer.alloc(0);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grounding-screen-'));
  screen = await openHiddenScreen(folder);
  received = Buffer.alloc(0);
  client = connect(screen.environment['WAYLAND_DISPLAY'] ?? '');
  client.on('data', (data) => (received = Buffer.concat([received, data])));
});
afterEach(() => {
  client.destroy();
  screen.close();
  rmSync(folder, { recursive: true, force: true });
});

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}

function request(object: number, code: number, body: Buffer): Buffer {
  return Buffer.concat([words(object, ((8 + body.length) << 16) | code), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  return Buffer.concat([words(bytes.length), bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** What has come so far, message by message. */
function messages(): Message[] {
  const found: Message[] = [];
  for (let at = 0; at < received.length;) {
    const size = received.readUInt16LE(at + 6);
    found.push({
      object: received.readUInt32LE(at),
      event: received.readUInt16LE(at + 4),
      body: received.subarray(at + 8, at + size),
    });
    at += size;
  }
  return found;
}

const answers = (object: number) => expect.poll(() => messages().filter((one) => one.object === object));

describe.runIf(process.platform === 'linux')('the screen that nobody sees', () => {
  it('answers that all before was done, and frees the answer’s number', async () => {
    client.write(request(1, 0, words(2)));
    await answers(2).toEqual([{ object: 2, event: 0, body: words(1) }]);
    await answers(1).toEqual([{ object: 1, event: 1, body: words(2) }]);
  });

  it('names what it has, and tells of a seat without mouse and keyboard', async () => {
    client.write(request(1, 1, words(2)));
    const named = () =>
      messages().map(({ body }) => body.toString('latin1', 8, 8 + body.readUInt32LE(4) - 1));
    await expect.poll(named).toContain('wl_seat');
    const place = messages()[named().indexOf('wl_seat')]?.body.readUInt32LE(0) ?? -1;
    client.write(request(2, 0, Buffer.concat([words(place), text('wl_seat'), words(5, 3)])));
    await answers(3).toEqual([
      { object: 3, event: 0, body: words(0) },
      { object: 3, event: 1, body: text('none') },
    ]);
  });

  it('takes messages in pieces, and those that it has no answer to', async () => {
    const bytes = Buffer.concat([
      request(9, 4, words(1, 2, 3)),
      request(1, 0, words(2)),
      request(1, 0, words(4)),
    ]);
    client.setNoDelay(true);
    for (const byte of bytes) client.write(Buffer.from([byte]));
    await answers(4).toHaveLength(1);
    expect(messages().filter(({ object }) => object === 1)).toHaveLength(2);
  });
});

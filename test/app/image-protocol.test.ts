import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '../../src/common/errors';
import { parseImageAddress, serveImages, type ImageRequest } from '../../src/main/app/image-protocol';

describe('image addresses', () => {
  it('name an id and perhaps a size', () => {
    expect(parseImageAddress('workbench-image://image/12')).toEqual({ imageId: 12, size: null });
    expect(parseImageAddress('workbench-image://image/12?size=256')).toEqual({ imageId: 12, size: 256 });
  });
  it.each([
    'workbench-image://image/0',
    'workbench-image://image/-1',
    'workbench-image://image/01',
    'workbench-image://image/1.5',
    'workbench-image://image/1e3',
    'workbench-image://image/9999999999999999',
    'workbench-image://image/..%2f..%2fetc%2fpasswd',
    'workbench-image://image/%2e%2e/1',
    'workbench-image://image/1%00',
    'workbench-image://image/..%5c1',
    'workbench-image://image//etc/passwd',
    'workbench-image://image/1/2',
    'workbench-image://other/1',
    'workbench-image:///etc/passwd',
    'workbench-image://image/1?size=8',
    'workbench-image://image/1?size=5000',
    'workbench-image://image/1?size=64&path=/etc/passwd',
    'workbench-image://image/1?path=/etc/passwd',
    'workbench-image://image/1#x',
    'file:///etc/passwd',
  ])('refuses %s', (address) => expect(parseImageAddress(address)).toBeNull());
});

describe('answers', () => {
  const asked: (ImageRequest & { known: string | null })[] = [];
  const image = (contentType: string) =>
    serveImages((request) => {
      asked.push(request);
      const bytes = request.known === 'ab12' ? null : new Uint8Array([1, 2, 3]);
      return Promise.resolve({ ok: true, value: { bytes, contentType, stamp: 'ab12' } });
    });
  const failing = (kind: ErrorKind) =>
    serveImages(() => Promise.resolve({ ok: false, error: { kind, message: 'no', hint: '', id: '' } }));
  const get = (address: string) => new Request(address);

  it('sends the bytes with a fixed type that is not guessed at', async () => {
    const response = await image('image/webp')(get('workbench-image://image/5?size=64'));
    expect(asked.at(-1)).toEqual({ imageId: 5, size: 64, known: null });
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    expect(response.headers.get('content-type')).toBe('image/webp');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('private, max-age=10');
    expect(response.headers.get('etag')).toBe('"ab12"');
  });

  it('sends no bytes that the window has already', async () => {
    const again = (tag: string) =>
      image('image/webp')(new Request('workbench-image://image/5', { headers: { 'If-None-Match': tag } }));
    const same = await again('"ab12"');
    expect([same.status, await same.text()]).toEqual([304, '']);
    expect((await again('"ab13"')).status).toBe(200);
    expect((await again('no tag of ours')).status).toBe(200);
    expect(asked.at(-1)?.known).toBeNull();
  });

  it.each(['text/html', 'image/svg+xml', 'application/pdf'])('never sends %s', async (contentType) => {
    expect((await image(contentType)(get('workbench-image://image/5'))).status).toBe(403);
  });

  const statuses: [ErrorKind, number][] = [
    ['invalid', 400],
    ['refused', 403],
    ['not-found', 404],
    ['unreadable', 404],
    ['too-large', 404],
    ['engine-crashed', 503],
    ['internal', 500],
  ];
  it.each(statuses)('says of %s: %d', async (kind, status) => {
    expect((await failing(kind)(get('workbench-image://image/5'))).status).toBe(status);
  });

  it('does not trouble the engine with bad addresses or methods', async () => {
    const before = asked.length;
    expect((await image('image/png')(get('workbench-image://image/..%2f1'))).status).toBe(400);
    const post = new Request('workbench-image://image/1', { method: 'POST' });
    expect((await image('image/png')(post)).status).toBe(400);
    expect(asked.length).toBe(before);
  });
});

/**
 * Serves images of the workspace to the window, by id only: `workbench-image://image/<id>?size=<pixels>`. The engine
 * looks the id up, checks that the file lies in its dataset's folder and re-encodes it; no path ever crosses.
 */
import { imageScheme } from '../../common/channels';
import type { ErrorKind, Result } from '../../common/errors';

export interface ImageRequest {
  imageId: number;
  /** Longer side in pixels; null: as large as it is. */
  size: number | null;
}

/** What an address asks for; null where it is not exactly of the form above. */
export function parseImageAddress(address: string): ImageRequest | null {
  const match = new RegExp(`^${imageScheme}://image/([1-9][0-9]{0,14})(?:\\?size=([1-9][0-9]{1,3}))?$`).exec(
    address,
  );
  if (!match) return null;
  const size = match[2] === undefined ? null : Number(match[2]);
  if (size !== null && (size < 16 || size > 4_096)) return null;
  return { imageId: Number(match[1]), size };
}

/** Types that the engine may answer with; anything else is not shown. */
const imageTypes = ['image/webp', 'image/jpeg', 'image/png'];

const statusOfKind: Partial<Record<ErrorKind, number>> = {
  invalid: 400,
  refused: 403,
  'read-only': 403,
  'not-found': 404,
  unreadable: 404,
  unsupported: 404,
  'too-large': 404,
  damaged: 404,
  'engine-crashed': 503,
};

/** `known`: stamp of the file as the window has it, null where it has nothing. No bytes: it has it already. */
export type ReadImage = (
  request: ImageRequest & { known: string | null },
) => Promise<Result<{ bytes: Uint8Array | null; contentType: string; stamp: string }>>;

export function serveImages(read: ReadImage): (request: Request) => Promise<Response> {
  return async ({ url, method, headers }) => {
    const asked = method === 'GET' ? parseImageAddress(url) : null;
    if (!asked) return refusal(400, 'Not an image address');
    const known = /^"([0-9a-f]{1,64})"$/.exec(headers.get('If-None-Match') ?? '')?.[1] ?? null;
    const result = await read({ ...asked, known });
    if (!result.ok) return refusal(statusOfKind[result.error.kind] ?? 500, result.error.message);
    const { bytes, contentType, stamp } = result.value;
    if (bytes === null) return new Response(null, { status: 304, headers: cachingOf(stamp) });
    if (!imageTypes.includes(contentType)) return refusal(403, 'Not an image');
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': contentType,
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': "default-src 'none'",
        ...cachingOf(stamp),
      },
    });
  };
}

/** The window keeps what it has for as long as nobody scrolls back and forth, and then asks whether it is still that. */
function cachingOf(stamp: string): Record<string, string> {
  return { 'Cache-Control': 'private, max-age=10', ETag: `"${stamp}"` };
}

function refusal(status: number, message: string): Response {
  return new Response(message, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  });
}

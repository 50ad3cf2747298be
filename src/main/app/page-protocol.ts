/** Serves the window's built files under the application's own scheme, with the content security policy as a header. */
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { imageScheme, reportScheme } from '../../common/channels';
import { isOwnPage } from './page-address';

/** Nothing but the application's own files: no inline code, no eval, no address outside this computer. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  `img-src 'self' ${imageScheme}: data: blob:`,
  "font-src 'self'",
  "connect-src 'self'",
  `frame-src ${reportScheme}:`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The file that an address names, null where it names none inside the folder. */
export function pageFile(folder: string, address: string): string | null {
  if (!isOwnPage(address)) return null;
  let path: string;
  try {
    path = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = join(folder, path);
  const inside = relative(folder, file);
  const escapes = inside === '' || inside === '..' || inside.startsWith(`..${sep}`);
  return escapes || !(extname(file) in contentTypes) ? null : file;
}

export function servePages(folder: string): (request: Request) => Promise<Response> {
  return async ({ url }) => {
    const file = pageFile(folder, url);
    const bytes = file === null ? null : await readFile(file).catch(() => null);
    if (file === null || bytes === null) return new Response('Not found', { status: 404 });
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-cache',
      },
    });
  };
}

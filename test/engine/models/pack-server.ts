/** A real HTTP server on this machine that gives out one file, well behaved or not. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  path: string;
  range: string | undefined;
  ifRange: string | undefined;
}

export type Answering = (
  request: IncomingMessage,
  response: ServerResponse,
  /** How many requests came before this one. */
  before: number,
) => void;

export interface PackServer {
  url: string;
  port: number;
  asked: Asked[];
  close(): Promise<void>;
}

/** `port` 0: any that is free. */
export async function startServer(answer: Answering, port = 0): Promise<PackServer> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const { range, 'if-range': ifRange } = request.headers;
    asked.push({
      path: request.url ?? '',
      range,
      ifRange: typeof ifRange === 'string' ? ifRange : undefined,
    });
    answer(request, response, asked.length - 1);
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const listening = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${listening.port}/pack.zip`,
    port: listening.port,
    asked,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** Sends the file, or the rest of it that is asked for; `most` bytes of it at most, after which the connection breaks. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  options: { etag?: string; most?: number; ranges?: boolean } = {},
): void {
  const { etag = '"one"', most = Infinity, ranges = true } = options;
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const from = ranges && same ? start : 0;
  const rest = bytes.subarray(from);
  const headers: Record<string, string | number> = { etag, 'content-length': rest.length };
  if (from > 0) headers['content-range'] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  response.writeHead(from > 0 ? 206 : 200, headers);
  if (rest.length <= most) response.end(rest);
  else response.write(rest.subarray(0, most), () => setTimeout(() => response.destroy(), 20));
}

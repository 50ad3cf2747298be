/**
 * Shows a report before it is exported, in a frame: `workbench-report://report/?options=<JSON of ReportOptions>`.
 * The frame has a policy of its own, the one the exported file carries: its inline style and its images as data, and
 * no script whatsoever.
 */
import { reportScheme } from '../../common/channels';
import { reportOptions, type ReportOptions } from '../../common/contract';
import type { Result } from '../../common/errors';

export const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/** The options that an address carries; null where they are not valid. */
export function parseReportAddress(address: string): ReportOptions | null {
  try {
    const url = new URL(address);
    if (url.protocol !== `${reportScheme}:` || url.host !== 'report' || url.pathname !== '/') return null;
    const parsed = reportOptions.safeParse(JSON.parse(url.searchParams.get('options') ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export type ReadReport = (options: ReportOptions) => Promise<Result<{ html: string }>>;

export function serveReports(read: ReadReport): (request: Request) => Promise<Response> {
  return async ({ url }) => {
    const options = parseReportAddress(url);
    const result = options ? await read(options) : null;
    if (!result) return answer('The address does not name a report.', 'text/plain', 400);
    if (!result.ok) return answer(`${result.error.message} ${result.error.hint}`, 'text/plain', 500);
    return reportPage(result.value.html);
  };
}

export function reportPage(html: string): Response {
  return answer(html, 'text/html', 200);
}

function answer(body: string, contentType: 'text/html' | 'text/plain', status: number): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': `${contentType}; charset=utf-8`,
      'Content-Security-Policy': reportPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  });
}

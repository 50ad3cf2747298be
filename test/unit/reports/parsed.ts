/** HTML as a browser would read it. */
// @ts-expect-error: jsdom brings no types; what is used of it is described below.
import { JSDOM } from 'jsdom';

export interface ParsedElement {
  readonly localName: string;
  readonly textContent: string | null;
  readonly firstChild: { readonly textContent: string | null } | null;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): ParsedElement | null;
  querySelectorAll(selector: string): Iterable<ParsedElement> & { readonly length: number };
}

export function parseHtml(html: string): ParsedElement {
  const { window } = new JSDOM(html) as { window: { document: ParsedElement } };
  return window.document;
}

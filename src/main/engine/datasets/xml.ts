/**
 * A small strict reader of XML as annotation tools write it. A document type is refused, and with it every entity but
 * the five that XML itself has: nothing can grow while it is read, and nothing outside is looked at.
 */
import { WorkbenchError } from '../../../common/errors';

export interface XmlElement {
  name: string;
  attributes: Map<string, string>;
  children: XmlElement[];
  /** Text directly inside, all pieces of it together. */
  text: string;
}

const deepest = 32;
const mostElements = 200_000;
const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const namePattern = /[\p{L}_:][\p{L}\p{N}_:.-]*/uy;

/** The root element; throws `unreadable` with the line, or `refused` for a document type or too deep nesting. */
export function parseXml(text: string): XmlElement {
  return new XmlReader(text).read();
}

class XmlReader {
  readonly #text: string;
  #position = 0;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): XmlElement {
    this.#skipMisc();
    if (this.#text[this.#position] !== '<') throw this.#broken('there is no element');
    const root = this.#element(0);
    this.#skipMisc();
    if (this.#position < this.#text.length) throw this.#broken('something follows the end');
    return root;
  }

  /** Spaces, comments, processing instructions. */
  #skipMisc(): void {
    for (;;) {
      this.#skipSpace();
      if (this.#at('<?')) this.#skipTo('?>');
      else if (this.#at('<!--')) this.#skipTo('-->');
      else if (this.#at('<!')) {
        throw new WorkbenchError(
          'refused',
          `Line ${this.#line()}: the file declares a document type, which can make entities that grow without end.`,
          'Remove the <!DOCTYPE …> from it.',
        );
      } else return;
    }
  }

  #element(depth: number): XmlElement {
    this.#elements += 1;
    if (depth > deepest || this.#elements > mostElements) {
      const what =
        depth > deepest ? `nested more than ${deepest} deep` : `more than ${mostElements} elements`;
      throw new WorkbenchError(
        'refused',
        `Line ${this.#line()}: ${what}, as no annotation is.`,
        'It is not a file of annotations; get it again from its source.',
      );
    }
    this.#position += 1;
    const element: XmlElement = { name: this.#name(), attributes: new Map(), children: [], text: '' };
    for (;;) {
      this.#skipSpace();
      if (this.#at('/>')) {
        this.#position += 2;
        return element;
      }
      if (this.#at('>')) break;
      this.#attribute(element);
    }
    this.#position += 1;
    const pieces: string[] = [];
    for (;;) {
      const next = this.#text.indexOf('<', this.#position);
      if (next < 0) throw this.#broken(`<${element.name}> is never closed`);
      pieces.push(this.#decode(this.#text.slice(this.#position, next)));
      this.#position = next;
      if (this.#at('</')) break;
      if (this.#at('<!--')) this.#skipTo('-->');
      else if (this.#at('<![CDATA[')) {
        const start = this.#position + '<![CDATA['.length;
        this.#skipTo(']]>');
        pieces.push(this.#text.slice(start, this.#position - ']]>'.length));
      } else if (this.#at('<?')) this.#skipTo('?>');
      else element.children.push(this.#element(depth + 1));
    }
    this.#position += 2;
    if (this.#name() !== element.name) throw this.#broken(`<${element.name}> is closed by another name`);
    this.#skipSpace();
    if (!this.#at('>')) throw this.#broken(`</${element.name} does not end`);
    this.#position += 1;
    element.text = pieces.join('');
    return element;
  }

  #attribute({ attributes }: XmlElement): void {
    const name = this.#name();
    this.#skipSpace();
    if (!this.#at('=')) throw this.#broken(`the attribute ${name} has no value`);
    this.#position += 1;
    this.#skipSpace();
    const quote = this.#text[this.#position];
    const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#position + 1) : -1;
    if (end < 0) throw this.#broken(`the value of ${name} is not in quotation marks`);
    attributes.set(name, this.#decode(this.#text.slice(this.#position + 1, end)));
    this.#position = end + 1;
  }

  #name(): string {
    namePattern.lastIndex = this.#position;
    const found = namePattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.#broken('a name is missing');
    this.#position += found.length;
    return found;
  }

  #decode(text: string): string {
    if (!text.includes('&')) return text;
    return text.replace(/&([^;\s&]{0,12});?/g, (whole, entity: string) => {
      const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(entity);
      const code = number ? Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10) : NaN;
      if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
      const character = Object.hasOwn(named, entity) ? named[entity] : undefined;
      if (character === undefined || !whole.endsWith(';')) throw this.#broken(`${whole} is no entity of XML`);
      return character;
    });
  }

  #at(text: string): boolean {
    return this.#text.startsWith(text, this.#position);
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#position] ?? '')) this.#position += 1;
  }

  #skipTo(end: string): void {
    const found = this.#text.indexOf(end, this.#position);
    if (found < 0) throw this.#broken(`${end} is missing`);
    this.#position = found + end.length;
  }

  #line(): number {
    return this.#text.slice(0, this.#position).split('\n').length;
  }

  #broken(detail: string): WorkbenchError {
    return new WorkbenchError(
      'unreadable',
      `Line ${this.#line()} is not well-formed XML: ${detail}.`,
      'Open it in an editor and mend the line, or write the file again.',
    );
  }
}

export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((one) => one.name === name);
}

/** The text of a child element, trimmed; empty where there is none. */
export function childText(element: XmlElement, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}

/** Text for XML; characters that XML cannot hold become spaces. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The two ways in which protocol 0 writes text on one line. */

const simpleEscapes: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Python's string escapes (`\n`, `\x41`, `\101`, `\'` …), as codecs.escape_decode reads them; throws on a broken \x. */
export function unescapeString(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|x|[0-7]{1,3}|[\s\S]|$)/g, (whole, escape: string) => {
    if (escape === '' || escape === 'x') throw new RangeError('broken escape');
    if (escape.startsWith('x')) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 0xff);
    return simpleEscapes[escape] ?? whole;
  });
}

/** Raw-unicode-escape: Latin-1 in which only `\uXXXX` and `\UXXXXXXXX` mean something; throws on a broken one. */
export function unescapeRawUnicode(line: Buffer): string {
  return line
    .toString('latin1')
    .replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S]|$)/g, (whole, escape: string) => {
      if (escape === 'u' || escape === 'U') throw new RangeError('broken escape');
      if (!/^[uU]/.test(escape)) return whole;
      return String.fromCodePoint(Number.parseInt(escape.slice(1), 16));
    });
}

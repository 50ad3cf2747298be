/** A chart as a file that stands alone: SVG text made from its marks, its key and what its numbers mean. Pure. */

export interface ChartKey {
  name: string;
  /** A CSS colour that other programs know. */
  colour: string;
  /** `line`: with a dash; `area`: a filled square. */
  kind: 'line' | 'area';
  dash: string;
  letter: string;
}

export interface ChartParts {
  title: string;
  /** The marks: content of an svg element, coordinates from 0 to width and height. */
  marks: string;
  width: number;
  height: number;
  keys: readonly ChartKey[];
  /** Under the chart: protocol and settings, so that the numbers can be read without the window. */
  caption: string;
}

const margin = 16;
const fontFamily = 'Inter, Helvetica, Arial, sans-serif';
const [ink, quiet] = ['#171b24', '#505868'];
const keyHeight = 18;
const captionHeight = 14;

export function escapeXml(text: string): string {
  return (
    text
      // Characters that XML 1.0 has no way to hold.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

/** Cuts a text into lines of at most so many characters, between words where there are any. */
export function wrapText(text: string, characters: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && line.length + 1 + word.length > characters) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Keys side by side, on further lines where they do not fit. Widths are estimates: 6.6 pixels a character. */
export function placeKeys(keys: readonly ChartKey[], width: number): { x: number; line: number }[] {
  let [x, line] = [0, 0];
  return keys.map(({ name, letter }) => {
    const own = 34 + 6.6 * (name.length + (letter ? letter.length + 1 : 0)) + 16;
    if (x > 0 && x + own > width) [x, line] = [0, line + 1];
    const place = { x, line };
    x += own;
    return place;
  });
}

function keyMarkup(key: ChartKey, x: number, y: number): string {
  const colour = escapeXml(key.colour);
  const sign =
    key.kind === 'area'
      ? `<rect x="${x}" y="${y - 9}" width="11" height="11" fill="${colour}"/>`
      : `<line x1="${x}" x2="${x + 26}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2"${
          key.dash ? ` stroke-dasharray="${escapeXml(key.dash)}"` : ''
        }/>`;
  const name = key.letter ? `${key.letter} ${key.name}` : key.name;
  return `${sign}<text x="${x + (key.kind === 'area' ? 17 : 32)}" y="${y}" font-size="12" fill="${ink}">${escapeXml(name)}</text>`;
}

/** A whole SVG document: title, marks, key and caption on white, with no reference to anything outside it. */
export function chartDocument({ title, marks, width, height, keys, caption }: ChartParts): string {
  const places = placeKeys(keys, width);
  const keyLines = keys.length === 0 ? 0 : (places.at(-1)?.line ?? 0) + 1;
  const captionLines = wrapText(caption, Math.max(20, Math.floor(width / 5.4)));
  const top = margin + 26;
  const below = top + height + 10;
  const captionTop = below + keyLines * keyHeight + (captionLines.length > 0 ? 12 : 0);
  const full = {
    width: width + 2 * margin,
    height: captionTop + captionLines.length * captionHeight + margin,
  };
  const drawnKeys = keys.map((key, index) => {
    const { x, line } = places[index] ?? { x: 0, line: 0 };
    return keyMarkup(key, margin + x, below + 12 + line * keyHeight);
  });
  const drawnCaption = captionLines.map(
    (line, index) =>
      `<text x="${margin}" y="${captionTop + index * captionHeight}" font-size="10" fill="${quiet}">${escapeXml(line)}</text>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${full.width}" height="${full.height}" viewBox="0 0 ${full.width} ${full.height}" font-family="${fontFamily}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${margin}" y="${margin + 12}" font-size="14" font-weight="600" fill="${ink}">${escapeXml(title)}</text>`,
    `<svg x="${margin}" y="${top}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${marks}</svg>`,
    ...drawnKeys,
    ...drawnCaption,
    '</svg>',
    '',
  ].join('\n');
}

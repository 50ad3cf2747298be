/** The report as Markdown (CommonMark with GitHub's tables). Every text goes through the one escaping function. */
import type { Block, Cell, Part, TableBlock } from './blocks';
import { closingOf, headingOf, kickerOf, outlineOf } from './outline';
import type { ReportContents } from './contents';

/**
 * One line of text in which nothing is markup, HTML, a link or a formula. Line breaks and other controls become
 * spaces; marks that turn the direction of text and lone surrogates become U+FFFD.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]/gu, '\ufffd')
    .trim()
    .replace(/[\\`*_[\]|~$#@^]|:(?=\/\/)|(?<=www)\./gi, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2');
}

export function reportMarkdown(contents: ReportContents): string {
  const pieces = [
    `# ${escapeMarkdown(headingOf(contents))}`,
    escapeMarkdown(kickerOf(contents)),
    ...outlineOf(contents).flatMap(partMarkdown),
    '---',
    escapeMarkdown(closingOf(contents)),
  ];
  return `${pieces.join('\n\n')}\n`;
}

function partMarkdown({ title, note, blocks }: Part): string[] {
  const under = note ? [`*${escapeMarkdown(note)}*`] : [];
  return [`## ${escapeMarkdown(title)}`, ...under, ...blocks.map(blockMarkdown)];
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `### ${escapeMarkdown(block.text)}`;
    case 'paragraph':
      return escapeMarkdown(block.text);
    case 'terms':
      return block.terms
        .map(({ name, value }) => `- **${escapeMarkdown(name)}:** ${escapeMarkdown(value)}`)
        .join('\n');
    case 'table':
      return tableMarkdown(block);
  }
}

function tableMarkdown({ head, rows, words = [] }: TableBlock): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const blank = head.slice(1).map(() => '');
  const body = rows.map((row) =>
    'group' in row
      ? line([`*${escapeMarkdown(row.group)}*`, ...blank])
      : line([escapeMarkdown(row.heading), ...row.cells.map(cellMarkdown)]),
  );
  return [
    line(head.map(escapeMarkdown)),
    line(head.map((_, column) => (column === 0 || words.includes(column) ? ':--' : '--:'))),
    ...body,
  ].join('\n');
}

function cellMarkdown({ value, interval, isBest }: Cell): string {
  const shown = isBest ? `**${escapeMarkdown(value)}**` : escapeMarkdown(value);
  return interval ? `${shown} (${escapeMarkdown(interval)})` : shown;
}

/** The report as Markdown (CommonMark with GitHub's tables). Every text goes through the one escaping function. */
import type { Cell, ExamplesBlock, Part, ReportBlock, TableBlock } from './blocks';
import { closingOf, headingOf, kickerOf, outlineOf } from './outline';
import type { ReportContents } from './contents';
import { exampleFacts, exampleTitles, outcomeOf, type Example } from './examples';
import { pictureFile, type PictureOf } from './picture-files';

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

function partMarkdown({ title, note, protocol, blocks }: Part<ReportBlock>): string[] {
  const under = [note, protocol].flatMap((text) => (text ? [`*${escapeMarkdown(text)}*`] : []));
  return [`## ${escapeMarkdown(title)}`, ...under, ...blocks.map(blockMarkdown)];
}

function blockMarkdown(block: ReportBlock): string {
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
    case 'examples':
      return examplesMarkdown(block);
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

/** A heading, and for each example its text and a table of its pictures with what they show. */
function examplesMarkdown(block: ExamplesBlock): string {
  const { title, note } = exampleTitles[block.group];
  const examples = block.examples.flatMap((example, place) => exampleMarkdown(block, example, place));
  return [`### ${escapeMarkdown(`${title}: ${note}`)}`, ...examples].join('\n\n');
}

function exampleMarkdown({ group, runs }: ExamplesBlock, example: Example, place: number): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const picture = (name: string, of: PictureOf) =>
    example.picture ? `![${escapeMarkdown(name)}](${pictureFile(group, place, of)})` : '–';
  const views = runs.map(({ runId, name }, index) => {
    const answer = example.answers.answers[index];
    const outcome = answer ? outcomeOf(answer, example.ious[index] ?? 0) : '';
    const words = [answer?.box ? `IoU ${outcome}` : outcome, example.views[index]?.words ?? ''];
    return { name, picture: picture(name, { runId }), words: words.filter(Boolean).join('; ') };
  });
  const rows = [
    line(['All boxes', ...views.map(({ name }) => escapeMarkdown(name))]),
    line(['All boxes', ...views].map(() => ':--')),
    line([picture('All boxes', 'boxes'), ...views.map((view) => view.picture)]),
    line([escapeMarkdown(example.problem) || '–', ...views.map(({ words }) => escapeMarkdown(words) || '–')]),
  ];
  return [
    `**${escapeMarkdown(example.answers.text) || '–'}**`,
    escapeMarkdown(exampleFacts(example)),
    rows.join('\n'),
  ].filter(Boolean);
}

function cellMarkdown({ value, interval, isBest }: Cell): string {
  const shown = isBest ? `**${escapeMarkdown(value)}**` : escapeMarkdown(value);
  return interval ? `${shown} (${escapeMarkdown(interval)})` : shown;
}

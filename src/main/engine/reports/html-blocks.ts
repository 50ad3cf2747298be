/** A section of blocks as HTML. */
import type { Cell, Part, ReportBlock, Row } from './blocks';
import { examplesHtml } from './example-cards';
import { empty, markup, type Markup } from './markup';

export function partHtml({ title, note, protocol, blocks }: Part<ReportBlock>): Markup {
  const small = note ? markup` <small>${note}</small>` : empty;
  return markup`<section>
<h2>${title}${small}</h2>${protocolHtml(protocol)}
${blocks.map((block) => markup`${blockHtml(block)}\n`)}</section>`;
}

export function protocolHtml(protocol = ''): Markup {
  return protocol === '' ? empty : markup`\n<p class="protocol">${protocol}</p>`;
}

/** Tables of so many rows are printed on one page. */
const mostOnOnePage = 18;

/** The class of a table with so many rows. */
export function tableClass(rows: number): Markup {
  return rows <= mostOnOnePage ? markup` class="short"` : empty;
}

export function blockHtml(block: ReportBlock): Markup {
  if (block.kind === 'examples') return examplesHtml(block);
  if (block.kind === 'heading') return markup`<h3>${block.text}</h3>`;
  if (block.kind === 'paragraph') return markup`<p>${block.text}</p>`;
  if (block.kind === 'terms') {
    const terms = block.terms.map(({ name, value, isCode }) => {
      const shown = isCode ? markup`<code>${value}</code>` : value;
      return markup`<dt>${name}</dt><dd>${shown}</dd>\n`;
    });
    return markup`<dl>${terms}</dl>`;
  }
  const classOf = (column: number) => (block.words?.includes(column) ? markup` class="words"` : empty);
  const head = block.head.map((text, column) => markup`<th scope="col"${classOf(column)}>${text}</th>`);
  const rows = block.rows.map((row) => rowHtml(row, block.head.length, classOf));
  return markup`<div class="scroll"><table${tableClass(block.rows.length)}>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

function rowHtml(row: Row, columns: number, classOf: (column: number) => Markup): Markup {
  if ('group' in row) {
    return markup`<tr class="group"><th colspan="${columns}" scope="colgroup">${row.group}</th></tr>\n`;
  }
  const cells = row.cells.map((cell, index) => cellHtml(cell, classOf(index + 1)));
  return markup`<tr><th scope="row">${row.heading}</th>${cells}</tr>\n`;
}

function cellHtml({ value, interval, isBest }: Cell, classes: Markup): Markup {
  const below = interval ? markup`<span class="interval">${interval}</span>` : empty;
  return markup`<td${classes}>${isBest ? markup`<b>${value}</b>` : value}${below}</td>`;
}

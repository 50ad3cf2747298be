/**
 * The report as a LaTeX article with booktabs tables and pictures, to compile as it is or to take them from. Every text goes
 * through the one escaping function. Every engine compiles it; texts beyond Latin letters want LuaLaTeX or XeLaTeX.
 */
import type { Cell, ExamplesBlock, Part, ReportBlock, TableBlock } from './blocks';
import { closingOf, headingOf, kickerOf, outlineOf } from './outline';
import type { ReportContents } from './contents';
import { exampleFacts, exampleTitles, outcomeOf, type Example } from './examples';
import { pictureFile, type PictureOf } from './picture-files';

const replacements: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  "'": '\\textquotesingle{}',
  '`': '\\textasciigrave{}',
  // The first of two hyphens or commas, which together would be a dash or a quotation mark.
  '-': '-{}',
  ',': ',{}',
  // In braces: no option of a command before them.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  '–': '\\textendash{}',
  '—': '\\textemdash{}',
  '−': '\\textminus{}',
  '’': '\\textquoteright{}',
  '‘': '\\textquoteleft{}',
  '“': '\\textquotedblleft{}',
  '”': '\\textquotedblright{}',
  '·': '\\textperiodcentered{}',
  '×': '\\texttimes{}',
  '…': '\\textellipsis{}',
};

/**
 * One line of text in which nothing is a command. Line breaks and other controls become spaces; what no font has
 * (lone surrogates, marks that turn the direction of text) becomes a question mark.
 */
export function escapeLatex(text: string): string {
  return text
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/gu, ' ')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd-\uffff\ud800-\udfff]/gu, '?')
    .trim()
    .replace(
      /-(?=-)|,(?=,)|[\\^~<>|"'`[\]*–—−’‘“”·×…{}$&#_%]/g,
      (character) => replacements[character] ?? `\\${character}`,
    );
}

const preamble = `\\documentclass[10pt,a4paper]{article}
\\usepackage{iftex}
\\ifPDFTeX
  \\usepackage[utf8]{inputenc}
  \\usepackage[T1]{fontenc}
  \\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
\\else
  \\usepackage{fontspec}
\\fi
\\usepackage{textcomp}
\\usepackage[margin=22mm]{geometry}
\\usepackage{array,booktabs,graphicx,longtable}
\\setlength{\\parindent}{0pt}
\\setlength{\\parskip}{6pt}
\\setlength{\\emergencystretch}{3em}
\\setcounter{secnumdepth}{0}
% A heading goes to the next page with what it heads where hardly anything of that would fit.
\\newcommand{\\room}{\\par\\ifdim\\dimexpr\\pagegoal-\\pagetotal\\relax<9\\baselineskip\\newpage\\fi}
\\newcommand{\\interval}[1]{{\\scriptsize\\ (#1)}}
% One picture of an example with what it shows below. A missing file leaves an empty frame, and the rest compiles.
\\newcommand{\\view}[2]{\\begin{minipage}[t]{0.232\\linewidth}\\vspace{0pt}\\raggedright\\footnotesize
  \\IfFileExists{#1}{\\includegraphics[width=\\linewidth,height=0.3\\textheight,keepaspectratio]{#1}}
    {\\fbox{\\rule{0pt}{2cm}\\hspace{0.9\\linewidth}}}\\par\\vspace{2pt}#2\\end{minipage}}
`;

/**
 * pdfLaTeX stops at a character that it does not know. Each of the text that is beyond ASCII is given its number as a
 * stand-in, if there is nothing better; other engines take it from the font.
 */
function standIns(text: string): string {
  const characters = [...new Set(text.match(/[^\0-\u007f]/gu) ?? [])].sort();
  if (characters.length === 0) return '';
  const lines = characters.map((character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `  \\standin{${number}}{${character}}`;
  });
  return `\\ifPDFTeX
  \\makeatletter
  \\newcommand{\\standin}[2]{\\@ifundefined{u8:\\detokenize{#2}}{\\DeclareUnicodeCharacter{#1}{[U+#1]}}{}}
  \\makeatother
${lines.join('\n')}
\\fi
`;
}

export function reportLatex(contents: ReportContents): string {
  const parts = outlineOf(contents).map(partLatex);
  const text = `\\title{${escapeLatex(headingOf(contents))}}
\\author{}
\\date{${escapeLatex(kickerOf(contents))}}

\\begin{document}
\\maketitle

${parts.join('\n\n')}

\\bigskip
{\\small ${escapeLatex(closingOf(contents))}}

\\end{document}
`;
  return `${preamble}${standIns(text)}
${text}`;
}

function partLatex({ title, note, protocol, blocks }: Part<ReportBlock>): string {
  const lines = [note, protocol].flatMap((text) => (text ? [escapeLatex(text)] : []));
  const under = lines.length > 0 ? [`{\\small\\itshape ${lines.join('\\\\ ')}}`] : [];
  return [`\\room\\section{${escapeLatex(title)}}`, ...under, ...blocks.map(blockLatex)].join('\n\n');
}

function blockLatex(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `\\room\\subsection{${escapeLatex(block.text)}}`;
    case 'paragraph':
      return escapeLatex(block.text);
    case 'terms':
      return [
        '\\begin{description}\\sloppy',
        ...block.terms.map(({ name, value, isCode }) => {
          const shown = isCode ? `\\texttt{${breakable(value)}}` : escapeLatex(value);
          return `\\item[{${escapeLatex(name)}}] ${shown}`;
        }),
        '\\end{description}',
      ].join('\n');
    case 'table':
      return tableLatex(block);
    case 'examples':
      return examplesLatex(block);
  }
}

/** Hashes and settings may be broken after every eight characters. */
function breakable(text: string): string {
  const chunks = text.match(/[\s\S]{1,8}/gu) ?? [];
  return chunks.map(escapeLatex).join('\\allowbreak{}');
}

/** Share of the line that the rows' headings take beside many columns or few, and the columns of words together. */
const headingShare = { many: 0.24, few: 0.36 } as const;
const fewColumns = 5;
const wordsShare = 0.58;

function tableLatex({ head, rows, words = [] }: TableBlock): string {
  const wrapped = (share: number) => `>{\\raggedright\\arraybackslash}p{${share.toFixed(2)}\\linewidth}`;
  const columns = head
    .slice(1)
    .map((_, index) => (words.includes(index + 1) ? wrapped(wordsShare / words.length) : 'r'));
  const isNarrow = head.length <= fewColumns && words.length === 0;
  const line = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`;
  const body = rows.map((row) =>
    'group' in row
      ? // The star keeps it on the page of what it heads.
        `\\addlinespace\n${line([`\\multicolumn{${head.length}}{@{}l}{\\textit{${escapeLatex(row.group)}}}`])}*`
      : line([escapeLatex(row.heading), ...row.cells.map(cellLatex)]),
  );
  return [
    '{\\small\\setlength{\\tabcolsep}{4pt}',
    `\\begin{longtable}{@{}${wrapped(headingShare[isNarrow ? 'few' : 'many'])}${columns.join('')}@{}}`,
    '\\toprule',
    line(head.map(escapeLatex)),
    '\\midrule',
    '\\endhead',
    ...body,
    '\\bottomrule',
    '\\end{longtable}}',
  ].join('\n');
}

/** Pictures in a row. */
const viewsInRow = 4;

/** A heading, and for each example its text and rows of pictures with what they show, kept on one page. */
function examplesLatex(block: ExamplesBlock): string {
  const { title, note } = exampleTitles[block.group];
  const examples = block.examples.map((example, place) => exampleLatex(block, example, place));
  return [`\\room\\subsection{${escapeLatex(`${title}: ${note}`)}}`, ...examples].join('\n\n');
}

function exampleLatex({ group, runs }: ExamplesBlock, example: Example, place: number): string {
  const view = (of: PictureOf, words: string) => `\\view{${pictureFile(group, place, of)}}{${words}}`;
  const ofRuns = runs.map(({ runId, name }, index) => {
    const answer = example.answers.answers[index];
    const outcome = answer ? escapeLatex(outcomeOf(answer, example.ious[index] ?? 0)) : '';
    const words = escapeLatex(example.views[index]?.words ?? '');
    return { of: { runId }, words: `${escapeLatex(name)}: ${outcome}${words && `\\\\ ${words}`}` };
  });
  const views = [{ of: 'boxes' as const, words: 'All boxes' }, ...ofRuns];
  // Without a picture, what the runs answered is said all the same.
  const shown = example.picture
    ? views.map(({ of, words }) => view(of, words))
    : [escapeLatex(example.problem), ...ofRuns.map(({ words }) => words)];
  const rows = shown.map((one, index) => {
    if (index === shown.length - 1) return one;
    if (!example.picture) return `${one}\\par`;
    return `${one}${(index + 1) % viewsInRow === 0 ? '\\par\\smallskip' : '\\hspace{0.02\\linewidth}%'}`;
  });
  return `\\begin{minipage}{\\linewidth}\\setlength{\\parskip}{3pt}\\raggedright
\\textbf{${escapeLatex(example.answers.text)}}\\par
{\\footnotesize ${escapeLatex(exampleFacts(example))}}\\par
${rows.join('\n')}
\\end{minipage}\\par\\medskip`;
}

function cellLatex({ value, interval, isBest }: Cell): string {
  const shown = isBest ? `\\textbf{${escapeLatex(value)}}` : escapeLatex(value);
  return interval ? `${shown}\\interval{${escapeLatex(interval)}}` : shown;
}

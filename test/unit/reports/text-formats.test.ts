import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportSections } from '../../../src/common/contract';
import { escapeLatex, reportLatex } from '../../../src/main/engine/reports/latex';
import { escapeMarkdown, reportMarkdown } from '../../../src/main/engine/reports/markdown';
import { sampleReport } from './sample';

/** How often each character that means something stands in a text as itself, not escaped; and the lines. */
function structureOf(text: string, escapes: RegExp, characters: string): Record<string, number> {
  const bare = text.replace(escapes, '');
  return Object.fromEntries([...characters, '\n'].map((each) => [each, bare.split(each).length - 1]));
}

const markdownStructure = (text: string) =>
  structureOf(text, /\\[!-/:-@[-`{-~]|&(?:amp|lt|gt);/g, '\\`*_[]<>|~$#@^&');
/** What the preamble says of each character beyond ASCII for pdfLaTeX: one line of this form and no other. */
const standIns =
  /\\ifPDFTeX\n {2}\\makeatletter\n.*\n {2}\\makeatother\n(?: {2}\\standin\{[0-9A-F]{4,6}\}\{[^\0-\u007f]\}\n)+\\fi\n/u;
const latexStructure = (text: string) =>
  structureOf(
    text.replace(standIns, ''),
    /\\(?:text(?:backslash|asciicircum|asciitilde|less|greater|bar|quotedbl|quotesingle|asciigrave|endash|emdash|minus|quoteright|quoteleft|quotedblleft|quotedblright|periodcentered|times|ellipsis)|allowbreak)\{\}|\\[{}$&#_%]|[-,]\{\}|\{[[\]*]\}/g,
    '\\{}$&#_%^~',
  );

const attacks = [
  '<script>alert(1)</script>',
  '](javascript:alert(1)) ![x](http://x)',
  '`code` **bold** ~~gone~~ $x^2$ | cell |',
  '\n# heading\n- item\n\n---\n',
  '&lt;b&gt; \\<b> \\\\',
  '\\input{/etc/passwd} \\write18{id} %',
  '}\\end{document}{ $$ & # _ ^ ~ --',
  '[h] * \\\\[9cm]',
  '=HYPERLINK("http://x") @SUM(1) +1 -1',
  '\0\u0007\u001b[31m\u2028\u202e\ud800\r\n\t',
];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary', maxLength: 12 })), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''));

describe.each([
  ['Markdown', reportMarkdown, markdownStructure],
  ['LaTeX', reportLatex, latexStructure],
] as const)('a report as %s', (_, render, structure) => {
  it('has the same structure whatever its texts hold', { timeout: 60_000 }, () => {
    const plain = structure(render(sampleReport()));
    fc.assert(
      fc.property(texts, (text) => {
        const written = render(sampleReport((where) => where + text));
        expect(structure(written)).toEqual(plain);
        expect(written).not.toMatch(/[\0-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        expect(written).not.toMatch(/[\ud800-\udfff]/u);
      }),
      { numRuns: 60, examples: attacks.map((attack): [string] => [attack]) },
    );
  });

  it('is the same for the same input', () => {
    expect(render(sampleReport())).toBe(render(sampleReport()));
  });

  it('has the chosen sections only', () => {
    const all = render(sampleReport());
    for (const title of ['Errors', 'Agreement between methods', 'Corrections', 'Environment']) {
      expect(all).toContain(title);
    }
    const some = render({ ...sampleReport(), sections: ['errors'] });
    expect(some).toContain('Wrong object');
    expect(some).not.toMatch(/Agreement between methods|Corrections|Environment|Examples|Protocol/);
    expect(reportSections).toContain('errors');
  });
});

it('writes intervals beside the numbers', () => {
  expect(reportMarkdown(sampleReport())).toMatch(
    /\| Acc\\@0\.5 \| (?:\*\*)?\d+\.\d(?:\*\*)? \(\d+\.\d–\d+\.\d\)/,
  );
  expect(reportLatex(sampleReport())).toMatch(/\\toprule\nMetric & .* \\\\\n\\midrule/);
  expect(reportLatex(sampleReport())).toMatch(/Acc@0\.5 & .*\\interval\{\d+\.\d\\textendash\{\}\d+\.\d\}/);
});

it('escapes what means something, and nothing else', () => {
  expect(escapeMarkdown('a_b | <c> & 50.0%')).toBe('a\\_b \\| &lt;c&gt; &amp; 50.0%');
  expect(escapeMarkdown('1. first')).toBe('1\\. first');
  expect(escapeMarkdown('- item\n# no')).toBe('\\- item \\# no');
  expect(escapeLatex('a_b & 50% of {x}\\y')).toBe('a\\_b \\& 50\\% of \\{x\\}\\textbackslash{}y');
  expect(escapeLatex('Größe – 3')).toBe('Größe \\textendash{} 3');
});

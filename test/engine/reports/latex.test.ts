/** What is written compiles, whatever its texts hold: by each TeX engine that is there. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportLatex } from '../../../src/main/engine/reports/latex';
import { temporaryFolder } from '../../support/workspace';
import { sampleReport } from '../../unit/reports/sample';

const folders = (process.env['PATH'] ?? '').split(delimiter);
const engines = ['pdflatex', 'lualatex', 'xelatex'].filter((name) =>
  folders.some((folder) => existsSync(join(folder, name))),
);

let folder = '';
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Throws where the engine reports an error; its output is the message then. */
function compile(engine: string, text: string): void {
  writeFileSync(join(folder, 'report.tex'), text);
  const flags = ['-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape'];
  execFileSync(engine, [...flags, 'report.tex'], { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
}

const hostile = [
  '\\input{/etc/passwd} \\write18{id} % \\catcode`\\@=11 \\csname end\\endcsname ^^5c^^M',
  '}\\end{document}{ $$ & # _ ^ ~ -- [h] * \\\\[9cm] \\\\* "= "a `!` ?` << >> ,,',
  '\n\n\\par \0\u0007\u2028\u202e\ud800\r\n\t | \\begin{verbatim} \\verb|x| \\def\\x{',
  'Größe naïve ½ “q” ‘s’ … – — ﬁ € ł ő × ÷ − ≤ → 猫 кот γάτα 😀 עברית e\u0301',
  'a'.repeat(300),
].join(' ');

describe.skipIf(engines.length === 0)('a report in LaTeX compiles', () => {
  it.each(engines)('with %s', { timeout: 240_000 }, async (engine) => {
    compile(engine, reportLatex(sampleReport()));
    const text = reportLatex(sampleReport());
    const pictures = [...text.matchAll(/\\view\{(examples\/[^}]+)\}/g)].map(([, path = '']) =>
      join(folder, path),
    );
    expect(pictures.length).toBeGreaterThan(0);
    mkdirSync(join(folder, 'examples'));
    for (const path of pictures) {
      await sharp({ create: { width: 64, height: 48, channels: 3, background: 'teal' } }).toFile(path);
    }
    compile(engine, text);
    compile(engine, reportLatex(sampleReport((where) => where + hostile)));
    expect(existsSync(join(folder, 'report.pdf'))).toBe(true);
  });
});

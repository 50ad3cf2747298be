/** The contract's `reports`: what is shown as a preview is what is written, but for the time of day. */
import {
  reportSections,
  unwatched,
  type contract,
  type DomainService,
  type ReportDocument,
  type ReportOptions,
  type WorkControl,
} from '../../../common/contract';
import { inTurn } from '../jobs/pieces';
import { evaluateSelection, type EvaluatedSelection } from '../evaluation/service';
import { correctionsCsv } from './corrections';
import { writeExamplePictures } from './example-pictures';
import { checkDatasetFolders, isDataset, isPredictions, writeDataset, writePredictions } from './exports';
import { contentsOf, notesOf, type ReportsServiceParts } from './gather';
import { reportHtml } from './html';
import { reportJson } from './json';
import { reportLatex } from './latex';
import { reportMarkdown } from './markdown';
import type { ReportContents } from './contents';
import { expressionLines, runsCsv, tableHeads } from './tables';
import { makeFolder, writeTogether, writeWhole } from './write';

/** Expressions read at a time for the table. */
const tableChunk = 500;

export const reportFiles: Record<ReportDocument, string> = {
  html: 'report.html',
  markdown: 'report.md',
  latex: 'report.tex',
  csv: 'expressions.csv',
  json: 'report.json',
};
/** The tables that go with that of expressions. */
export const tableFiles = { answers: 'answers.csv', runs: 'runs.csv', corrections: 'corrections.csv' };

export function createReportsService(parts: ReportsServiceParts): DomainService<typeof contract.reports> {
  return {
    async preview(options, control = unwatched) {
      const evaluated = await inTurn(evaluateSelection(parts, options.evaluation), control);
      return { html: reportHtml(await contentsOf(parts, evaluated, options, control)) };
    },
    async export({ options, folder, formats }, control = unwatched) {
      const evaluated = await inTurn(evaluateSelection(parts, options.evaluation), control);
      const { repositories } = parts.workspace;
      const runIds = evaluated.selection.runs.map(({ id }) => id);
      checkDatasetFolders(folder, formats);
      await makeFolder(folder);
      const write = documentWriter(parts, evaluated, options, folder, control);
      const files: string[] = [];
      for (const format of new Set(formats)) {
        control.signal.throwIfAborted();
        if (isDataset(format)) {
          const { datasetId } = evaluated.selection;
          files.push(
            await writeDataset(repositories, datasetId, options.evaluation, folder, format, control),
          );
        } else if (isPredictions(format)) {
          files.push(...(await writePredictions(repositories, runIds, folder, format, control)));
        } else {
          files.push(...(await write[format]()));
        }
      }
      return { files: [...new Set(files)] };
    },
  };
}

/** How each document is written; what several show is gathered once. Each returns the paths of what it wrote. */
function documentWriter(
  parts: ReportsServiceParts,
  evaluated: EvaluatedSelection,
  options: ReportOptions,
  folder: string,
  control: WorkControl,
): Record<ReportDocument, () => Promise<string[]>> {
  const contents = once(() => contentsOf(parts, evaluated, options, control));
  const pictures = once(async () => writeExamplePictures(await contents(), folder, control));
  const document = async (format: ReportDocument, text: string) => {
    control.begin(`Writing ${reportFiles[format]}`);
    return [await writeWhole(folder, reportFiles[format], [text])];
  };
  const withPictures = async (format: ReportDocument, textOf: (contents: ReportContents) => string) => [
    ...(await document(format, textOf(await contents()))),
    ...(await pictures()),
  ];
  return {
    html: async () => document('html', reportHtml(await contents())),
    markdown: () => withPictures('markdown', reportMarkdown),
    latex: () => withPictures('latex', reportLatex),
    csv: () => writeTables(parts, evaluated, folder, control),
    json: async () => {
      const everything = { ...options, sections: [...reportSections], examples: 0, chosen: [] };
      return document('json', reportJson(await contentsOf(parts, evaluated, everything, control)));
    },
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => (made ??= make());
}

async function writeTables(
  parts: ReportsServiceParts,
  evaluated: EvaluatedSelection,
  folder: string,
  control: WorkControl,
): Promise<string[]> {
  const { evaluation, selection } = evaluated;
  const names = [reportFiles.csv, tableFiles.answers];
  return [
    ...(await writeTogether(folder, names, tablesOf(parts, evaluated, control))),
    await writeWhole(folder, tableFiles.runs, runsCsv(evaluation, notesOf(parts, selection.runs))),
    await writeWhole(folder, tableFiles.corrections, correctionsCsv(evaluated.correctionsMade)),
  ];
}

/** The tables of expressions and answers, made as they are written: a large dataset's are never whole in memory. */
function* tablesOf(
  { workspace }: ReportsServiceParts,
  { evaluation, selection, counted: { table, rows } }: EvaluatedSelection,
  control: WorkControl,
): Iterable<readonly string[]> {
  yield tableHeads;
  control.begin('Writing tables', rows.length);
  for (let start = 0; start < rows.length; start += tableChunk) {
    control.signal.throwIfAborted();
    const chunk = rows.subarray(start, start + tableChunk);
    const ids = Array.from(chunk, (row) => table.expressionIds[row] ?? 0);
    const answers = workspace.repositories.evaluationRows.answers(selection, ids);
    const byId = new Map(answers.map((one) => [one.expressionId, one]));
    const lines = Array.from(chunk, (row) => {
      const expression = byId.get(table.expressionIds[row] ?? 0);
      return expression ? expressionLines(evaluation, table, row, expression) : null;
    }).filter((line) => line !== null);
    yield [0, 1].map((place) => lines.map((line) => line[place]).join(''));
    control.advance(chunk.length);
  }
}

/** The contract's `reports`: what is shown as a preview is what is written, but for the time of day. */
import {
  reportSections,
  unwatched,
  type contract,
  type CorrectionEffect,
  type DomainService,
  type EvaluationOptions,
  type Evidence,
  type ReportDocument,
  type ReportOptions,
  type ReportSection,
  type WorkControl,
} from '../../../common/contract';
import { toErrorValue } from '../../../common/errors';
import { agreementOf } from '../evaluation/agreement';
import { chooseSelection, type ChooserParts } from '../evaluation/choose';
import { correctionEffect } from '../evaluation/correction-effect';
import { errorsOf } from '../evaluation/errors';
import type { Known } from '../evaluation/correction-shares';
import type { EvaluationWorkspace, ExpressionAnswers } from '../evaluation/rows';
import { deviations } from '../evaluation/slice-cells';
import { evaluateSelection, type EvaluatedSelection } from '../evaluation/service';
import { encodeForDisplay } from '../imaging/decode';
import { correctionsCsv } from './corrections';
import { answerView, pictureSize, shownOutline, type AnswerView } from './evidence';
import { chooseExamples, type Example, type ExampleGroup } from './examples';
import { checkDatasetFolders, isDataset, isPredictions, writeDataset, writePredictions } from './exports';
import type { ExportedRepositories } from './exports';
import { reportHtml } from './html';
import { reportJson } from './json';
import { reportLatex } from './latex';
import { reportMarkdown } from './markdown';
import type { Licences, ReportContents, RunNote } from './contents';
import { expressionLines, runsCsv, tableHeads } from './tables';
import { makeFolder, writeTogether, writeWhole } from './write';

/** Beyond what is evaluated, a report shows how an answer came about. */
interface ReportWorkspace extends EvaluationWorkspace {
  readonly repositories: EvaluationWorkspace['repositories'] &
    ExportedRepositories & {
      readonly predictions: {
        ofExpression(
          expressionId: number,
          runIds: readonly number[],
        ): { runId: number; answeredText: string; evidence: Evidence }[];
      };
    };
}

export interface ReportsServiceParts extends Pick<ChooserParts, 'views'> {
  workspace: ReportWorkspace;
  version: string;
  /** Where an image lies; throws where it is missing. */
  imagePath(imageId: number): Promise<string>;
  /** What is known of licences; a report without them says so. */
  licences?(datasetId: number): Promise<Licences>;
}

/** Smaller slices are not named as standing out. */
const smallestSlice = 20;
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
      const evaluated = evaluateSelection(parts, options.evaluation);
      return { html: reportHtml(await contentsOf(parts, evaluated, options, true, control)) };
    },
    async export({ options, folder, formats }, control = unwatched) {
      const evaluated = evaluateSelection(parts, options.evaluation);
      const { repositories } = parts.workspace;
      checkDatasetFolders(folder, formats);
      await makeFolder(folder);
      const files: string[] = [];
      for (const format of new Set(formats)) {
        control.signal.throwIfAborted();
        if (isDataset(format)) {
          const { datasetId } = evaluated.selection;
          files.push(
            await writeDataset(repositories, datasetId, options.evaluation, folder, format, control),
          );
        } else if (isPredictions(format)) {
          const runIds = evaluated.selection.runs.map(({ id }) => id);
          files.push(...(await writePredictions(repositories, runIds, folder, format, control)));
        } else {
          files.push(...(await writeDocument(parts, evaluated, options, folder, format, control)));
        }
      }
      return { files };
    },
  };
}

async function writeDocument(
  parts: ReportsServiceParts,
  evaluated: EvaluatedSelection,
  options: ReportOptions,
  folder: string,
  format: ReportDocument,
  control: WorkControl,
): Promise<string[]> {
  control.begin(`Writing ${reportFiles[format]}`);
  if (format === 'csv') return writeTables(parts, evaluated, folder, control);
  const text: Record<Exclude<ReportDocument, 'csv'>, () => Promise<string>> = {
    html: async () => reportHtml(await contentsOf(parts, evaluated, options, true, control)),
    markdown: async () => reportMarkdown(await contentsOf(parts, evaluated, options, false, control)),
    latex: async () => reportLatex(await contentsOf(parts, evaluated, options, false, control)),
    json: async () => {
      const everything = { ...options, sections: [...reportSections], examples: 0, chosen: [] };
      return reportJson(await contentsOf(parts, evaluated, everything, false, control));
    },
  };
  return [await writeWhole(folder, reportFiles[format], [await text[format]()])];
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
    await writeWhole(folder, tableFiles.corrections, correctionsCsv(evaluated.correctionsMade())),
  ];
}

/** What the chosen sections show; nothing is computed for the others. */
async function contentsOf(
  parts: ReportsServiceParts,
  evaluated: EvaluatedSelection,
  { title, sections, examples: size, chosen: byHand, evaluation: asked }: ReportOptions,
  withPictures: boolean,
  control: WorkControl,
): Promise<ReportContents> {
  const { selection, counted, evaluation } = evaluated;
  const has = (section: ReportSection) => sections.includes(section);
  const chosen = chooseExamples(counted, has('examples') ? size : 0, has('examples') ? byHand : []);
  const examples = {} as Record<ExampleGroup, Example[]>;
  if (withPictures) control.begin('Drawing examples', Object.values(chosen).flat().length);
  for (const group of Object.keys(chosen) as ExampleGroup[]) {
    examples[group] = await examplesOf(parts, evaluated, chosen[group], withPictures, control);
  }
  const facts =
    has('errors') || has('agreement') || has('slices') || has('corrections') ? evaluated.facts() : null;
  const isCorrected = evaluation.protocol.groundTruth === 'corrected' && evaluation.protocol.corrections > 0;
  return {
    title,
    sections,
    evaluation,
    examples,
    notes: notesOf(parts, selection.runs),
    licences: (await parts.licences?.(selection.datasetId)) ?? { dataset: '', packs: {} },
    deviations: facts && has('slices') ? deviations(counted, facts, smallestSlice) : [],
    errors: facts && has('errors') ? counted.table.runs.map((run) => errorsOf(counted, facts, run)) : [],
    agreement: facts && has('agreement') ? agreementOf(counted, facts) : null,
    correctionsMade: has('corrections') ? evaluated.correctionsMade() : [],
    corrections:
      isCorrected && has('corrections') && facts ? effectOf(parts, { counted, facts }, asked) : null,
  };
}

function notesOf({ workspace }: ReportsServiceParts, runs: readonly { id: number }[]): RunNote[] {
  return runs.flatMap(({ id }) => {
    const note = workspace.repositories.runs.get(id)?.note ?? '';
    return note === '' ? [] : [{ runId: id, note }];
  });
}

function effectOf(parts: ReportsServiceParts, now: Known, asked: EvaluationOptions): CorrectionEffect {
  const { counted, facts } = chooseSelection(parts, { ...asked, groundTruth: 'original' });
  return correctionEffect(now, { counted, facts: facts() });
}

async function examplesOf(
  parts: ReportsServiceParts,
  { selection, counted: { table } }: EvaluatedSelection,
  expressionIds: readonly number[],
  withPictures: boolean,
  control: WorkControl,
): Promise<Example[]> {
  const source = parts.workspace.repositories.evaluationRows;
  const examples: Example[] = [];
  for (const answers of source.answers(selection, expressionIds)) {
    control.signal.throwIfAborted();
    const row = table.expressionIds.indexOf(answers.expressionId);
    const ious = table.runs.map(({ iou }) => iou[row] ?? 0);
    const shown = withPictures
      ? await pictureOf(parts, answers.imageId)
      : { picture: null, problem: 'Pictures are in the page.' };
    examples.push({
      answers,
      ious,
      views: shown.picture ? await viewsOf(parts, answers) : [],
      truthOutline: shown.picture ? shownOutline(answers.truth.mask) : '',
      ...shown,
    });
    if (withPictures) control.advance(1);
  }
  return examples;
}

/** How each run came to its answer, from the evidence that Inspect shows. */
async function viewsOf(
  { workspace }: ReportsServiceParts,
  example: ExpressionAnswers,
): Promise<AnswerView[]> {
  const stored = workspace.repositories.predictions.ofExpression(
    example.expressionId,
    example.answers.map(({ runId }) => runId),
  );
  const views: AnswerView[] = [];
  for (const { runId, mask } of example.answers) {
    const answer = stored.find((one) => one.runId === runId && one.answeredText === example.text);
    views.push(await answerView(answer?.evidence ?? null, mask));
  }
  return views;
}

/** One picture that cannot be read does not keep the report from being made; the report says why it is missing. */
async function pictureOf(
  parts: ReportsServiceParts,
  imageId: number,
): Promise<Pick<Example, 'picture' | 'problem'>> {
  try {
    const { bytes, contentType } = await encodeForDisplay(await parts.imagePath(imageId), pictureSize);
    return { picture: `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`, problem: '' };
  } catch (error) {
    return { picture: null, problem: toErrorValue(error, '').message };
  }
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

/** Reads and computes what a report's sections show. */
import type {
  CorrectionEffect,
  EvaluationOptions,
  Evidence,
  ReportOptions,
  ReportSection,
  WorkControl,
} from '../../../common/contract';
import { toErrorValue } from '../../../common/errors';
import { agreementOf } from '../evaluation/agreement';
import { chooseSelection, type ChooserParts } from '../evaluation/choose';
import { correctionEffect } from '../evaluation/correction-effect';
import type { Known } from '../evaluation/correction-shares';
import { errorsOf } from '../evaluation/errors';
import type { EvaluationWorkspace, ExpressionAnswers } from '../evaluation/rows';
import type { EvaluatedSelection } from '../evaluation/service';
import { deviations } from '../evaluation/slice-cells';
import { inTurn, type Pieces } from '../jobs/pieces';
import { encodeForDisplay } from '../imaging/decode';
import type { Licences, ReportContents, RunNote } from './contents';
import { answerView, pictureForm, pictureSize, shownMask, type AnswerView } from './evidence';
import { chooseExamples, type Example, type ExampleGroup } from './examples';
import type { ExportedRepositories } from './exports';

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

/** What the chosen sections show; nothing is computed for the others. */
export async function contentsOf(
  parts: ReportsServiceParts,
  evaluated: EvaluatedSelection,
  { title, sections, examples: size, chosen: byHand, evaluation: asked }: ReportOptions,
  control: WorkControl,
): Promise<ReportContents> {
  const { selection, counted, evaluation } = evaluated;
  const has = (section: ReportSection) => sections.includes(section);
  const chosen = chooseExamples(counted, has('examples') ? size : 0, has('examples') ? byHand : []);
  const examples = {} as Record<ExampleGroup, Example[]>;
  control.begin('Drawing examples', Object.values(chosen).flat().length);
  for (const group of Object.keys(chosen) as ExampleGroup[]) {
    examples[group] = await examplesOf(parts, evaluated, chosen[group], control);
  }
  const facts =
    has('errors') || has('agreement') || has('slices') || has('corrections') ? evaluated.facts : null;
  const isCorrected = evaluation.protocol.groundTruth === 'corrected' && evaluation.protocol.corrections > 0;
  return {
    title,
    sections,
    evaluation,
    examples,
    notes: notesOf(parts, selection.runs),
    licences: (await parts.licences?.(selection.datasetId)) ?? { dataset: '', packs: {} },
    deviations:
      facts && has('slices') ? await inTurn(deviations(counted, facts, smallestSlice), control) : [],
    errors: facts && has('errors') ? counted.table.runs.map((run) => errorsOf(counted, facts, run)) : [],
    agreement: facts && has('agreement') ? agreementOf(counted, facts) : null,
    correctionsMade: has('corrections') ? evaluated.correctionsMade : [],
    corrections:
      isCorrected && has('corrections') && facts
        ? await inTurn(effectOf(parts, { counted, facts }, asked), control)
        : null,
  };
}

export function notesOf({ workspace }: ReportsServiceParts, runs: readonly { id: number }[]): RunNote[] {
  return runs.flatMap(({ id }) => {
    const note = workspace.repositories.runs.get(id)?.note ?? '';
    return note === '' ? [] : [{ runId: id, note }];
  });
}

function* effectOf(
  parts: ReportsServiceParts,
  now: Known,
  asked: EvaluationOptions,
): Pieces<CorrectionEffect> {
  const original = { ...asked, groundTruth: 'original' } as const;
  return yield* correctionEffect(now, yield* chooseSelection(parts, original, ['facts']));
}

async function examplesOf(
  parts: ReportsServiceParts,
  { selection, counted: { table } }: EvaluatedSelection,
  expressionIds: readonly number[],
  control: WorkControl,
): Promise<Example[]> {
  const source = parts.workspace.repositories.evaluationRows;
  const examples: Example[] = [];
  for (const answers of source.answers(selection, expressionIds)) {
    control.signal.throwIfAborted();
    const row = table.expressionIds.indexOf(answers.expressionId);
    const ious = table.runs.map(({ iou }) => iou[row] ?? 0);
    const shown = await pictureOf(parts, answers.imageId);
    examples.push({
      answers,
      ious,
      views: shown.picture ? await viewsOf(parts, answers) : [],
      truthMask: shown.picture ? shownMask(answers.truth.mask) : null,
      ...shown,
    });
    control.advance(1);
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
    const { bytes } = await encodeForDisplay(await parts.imagePath(imageId), pictureSize, pictureForm);
    return { picture: bytes, problem: '' };
  } catch (error) {
    return { picture: null, problem: toErrorValue(error, '').message };
  }
}

/**
 * What stands behind the window, in memory: one image with two expressions of two referents, predictions, undo and
 * history. It answers with the contract's types; the calls that no test makes are absent.
 */
import type {
  Answer,
  Change,
  CorrectionResult,
  EventName,
  ExpressionDetail,
  GroundTruthRevision,
  InputOf,
  MeasuredPrediction,
  OwnMethodId,
  UndoState,
  WorkbenchEvents,
} from '../../../src/common/contract';
import type { corrections, expressions } from '../../../src/common/contract';
import type { ErrorKind, Result } from '../../../src/common/errors';
import { boxIou } from '../../../src/common/geometry/iou';
import { encodeRunLength } from '../../../src/common/geometry/rle';
import type { ImageBox, RunLengthMask } from '../../../src/common/geometry/types';

export const image = { id: 7, datasetId: 1, fileName: 'dogs.png', width: 200, height: 100, split: 'test' };
export const originalBox = { x: 20, y: 30, width: 50, height: 20 };
const otherBox = { x: 120, y: 40, width: 40, height: 30 };

export function maskOf(box: ImageBox): RunLengthMask {
  const data = new Uint8Array(image.width * image.height);
  for (let y = box.y; y < box.y + box.height; y += 1)
    data.fill(1, y * image.width + box.x, y * image.width + box.x + box.width);
  return encodeRunLength({ width: image.width, height: image.height, data });
}

const gridMap = { width: 2, height: 2, minimum: 0, maximum: 0.8, values: btoa('\x00\x40\xff\x20') };

/** The three answers to the first expression: a wrong one, a close one, none. */
export function predictions(): Omit<MeasuredPrediction, 'iou' | 'maskIou' | 'verdict'>[] {
  const timings = [{ stage: 'ground', milliseconds: 12.4, runtime: 11 }];
  return [
    {
      method: 'yolo-clip',
      runId: 1,
      predictionId: 11,
      answeredText: 'the dog on the left',
      box: otherBox,
      mask: null,
      score: 0.31,
      missingReason: '',
      timings,
      evidence: {
        method: 'yolo-clip',
        proposals: [
          { box: otherBox, score: 0.9, category: 'cat', similarity: 0.31, probability: 0.7 },
          { box: { ...originalBox, x: 21 }, score: 0.8, category: 'dog', similarity: 0.28, probability: 0.3 },
        ],
      },
    },
    {
      method: 'blip-sam',
      runId: 2,
      predictionId: 12,
      answeredText: 'the dog on the left',
      box: { ...originalBox, width: 48 },
      mask: maskOf({ ...originalBox, width: 48 }),
      score: 0.8,
      missingReason: '',
      timings,
      evidence: {
        method: 'blip-sam',
        heatMap: gridMap,
        match: 0.92,
        points: [{ x: 45, y: 40, positive: true }],
        candidates: [{ mask: maskOf(originalBox), predictedIou: 0.9, heat: 0.4 }],
        chosen: 0,
      },
    },
    {
      method: 'risclip',
      runId: 3,
      predictionId: 13,
      answeredText: 'the dog on the left',
      box: null,
      mask: null,
      score: null,
      missingReason: 'The refined map stays below its threshold.',
      timings,
      evidence: { method: 'risclip', locatorMap: gridMap, refinedMap: gridMap, threshold: 0.4 },
    },
  ];
}

type State = {
  text: string;
  label: string | null;
  review: ExpressionDetail['reviewState'];
  note: string;
  referentId: number | null;
};
type Truth = { box: ImageBox | null; mask: RunLengthMask | null; revision: number };
type Step = { label: string; back: () => void; again: () => void; expressionIds: number[] };

function failure(kind: ErrorKind, message: string): Result<never> {
  return { ok: false, error: { kind, message, hint: 'A hint.', id: 'log-1' } };
}

export class FakeWorkbench {
  readonly calls: string[] = [];
  /** The next calls of this name fail with this kind, until set back. */
  failing: { call: string; kind: ErrorKind } | null = null;
  hasPredictions = true;
  /** Of the first expression. */
  failures: ExpressionDetail['failures'] = [];
  /** Whether a question is answered by all methods. */
  allAnswer = false;
  /** What was asked to be cut out, in order. */
  readonly prompts: InputOf<(typeof expressions)['segment']>[] = [];
  revision = 0;
  readonly truths = new Map<number, Truth>([
    [1, { box: originalBox, mask: maskOf(originalBox), revision: 0 }],
    [2, { box: otherBox, mask: null, revision: 0 }],
  ]);
  readonly states = new Map<number, State>([
    [1, { text: 'the dog on the left', label: null, review: 'unreviewed', note: '', referentId: 1 }],
    [2, { text: 'the cat', label: null, review: 'unreviewed', note: '', referentId: 2 }],
    [3, { text: 'the unicorn', label: null, review: 'unreviewed', note: '', referentId: null }],
  ]);
  readonly histories = new Map<number, GroundTruthRevision[]>();
  private readonly done: Step[] = [];
  private readonly undone: Step[] = [];
  private readonly listeners = new Map<string, ((payload: never) => void)[]>();

  emit<Name extends EventName>(name: Name, payload: WorkbenchEvents[Name]) {
    for (const listener of this.listeners.get(name) ?? []) listener(payload as never);
  }

  detail(id: number): ExpressionDetail | null {
    const state = this.states.get(id);
    if (!state) return null;
    const truth = state.referentId === null ? null : this.truths.get(state.referentId)!;
    const isFirst = id === 1;
    return {
      id,
      text: state.text,
      originalText: ['', 'the dog on the left', 'the cat', 'the unicorn'][id] ?? '',
      kind: 'position',
      attributes: {},
      image,
      groundTruth:
        truth && state.referentId !== null
          ? {
              referentId: state.referentId,
              category: isFirst ? 'dog' : 'cat',
              ...truth,
              corrected: truth.revision > 0,
              originalBox: isFirst ? originalBox : otherBox,
              originalMask: isFirst ? maskOf(originalBox) : null,
            }
          : null,
      otherObjects: isFirst ? [{ referentId: 2, category: 'cat', box: this.truths.get(2)!.box }] : [],
      siblings: [...this.states].map(([sibling, { text, referentId }]) => ({
        id: sibling,
        text,
        kind: 'position',
        referentId,
      })),
      added: false,
      note: state.note,
      reviewState: state.review,
      failureLabel: state.label,
      predictions:
        isFirst && this.hasPredictions
          ? predictions().map((each) => ({
              ...each,
              iou: truth?.box ? (each.box ? boxIou(each.box, truth.box) : 0) : null,
              maskIou: null,
              verdict: null,
            }))
          : [],
      failures: this.failures,
      undoState: this.undoState(),
    };
  }

  undoState(): UndoState {
    return { undo: this.done.at(-1)?.label ?? null, redo: this.undone.at(-1)?.label ?? null };
  }

  /** As another window would do it: a new ground truth that nobody here knows of. */
  changeElsewhere(referentId: number, box: ImageBox) {
    this.setTruth(referentId, box, null);
  }

  private setTruth(referentId: number, box: ImageBox | null, mask: RunLengthMask | null) {
    this.revision += 1;
    this.truths.set(referentId, { box, mask, revision: this.revision });
    const history = this.histories.get(referentId) ?? [this.original(referentId)];
    const entry: GroundTruthRevision = {
      revision: this.revision,
      referentId,
      box,
      mask,
      source: 'edited',
      label: null,
      runId: null,
      author: 'Ada',
      savedAt: '2026-11-24T10:00:00.000Z',
      current: true,
    };
    this.histories.set(referentId, [entry, ...history.map((each) => ({ ...each, current: false }))]);
  }

  private original(referentId: number): GroundTruthRevision {
    const box = referentId === 1 ? originalBox : otherBox;
    return {
      revision: 0,
      referentId,
      box,
      mask: referentId === 1 ? maskOf(box) : null,
      source: 'imported',
      label: null,
      runId: null,
      author: '',
      savedAt: '2026-11-20T10:00:00.000Z',
      current: true,
    };
  }

  private result(label: string, expressionIds: number[]): Result<CorrectionResult> {
    return {
      ok: true,
      value: {
        undoState: this.undoState(),
        expressionIds,
        addedIds: [],
        removedIds: [],
        revision: this.revision,
        label,
      },
    };
  }

  private plan(change: Change): { step: Omit<Step, 'label'> } | Result<never> {
    if (change.kind === 'ground-truth') {
      const before = this.truths.get(change.referentId)!;
      if (before.revision !== change.expectedRevision) return failure('conflict', 'Changed since.');
      const { referentId, box, mask } = change;
      return {
        step: {
          again: () => this.setTruth(referentId, box, mask),
          back: () => this.setTruth(referentId, before.box, before.mask),
          expressionIds: [referentId],
        },
      };
    }
    if (!('expressionId' in change)) return failure('internal', 'No structure here.');
    const { expressionId } = change;
    const before = { ...this.states.get(expressionId)! };
    const after = { ...before };
    if (change.kind === 'text') after.text = change.text;
    if (change.kind === 'failure-label') after.label = change.label;
    if (change.kind === 'review-state') after.review = change.state;
    if (change.kind === 'note') after.note = change.note;
    if (change.kind === 'link-referent') after.referentId = change.referentId;
    return {
      step: {
        again: () => this.states.set(expressionId, after),
        back: () => this.states.set(expressionId, before),
        expressionIds: [expressionId],
      },
    };
  }

  private answer(method: OwnMethodId): Answer {
    if (method === 'risclip' && !this.allAnswer)
      return { method, ok: false, message: 'The pack has no RisCLIP.', hint: 'Install one.' };
    const prediction = predictions().find((each) => each.method === method)!;
    return { method, ok: true, prediction, milliseconds: 20 };
  }

  /** Two masks around the last positive point, or the box; none where all points are negative. */
  private cutOut({ points = [], box }: InputOf<(typeof expressions)['segment']>) {
    const last = points.findLast((point) => point.positive);
    const around = last ? { x: last.x - 5, y: last.y - 5, width: 10, height: 10 } : box;
    if (!around) return [];
    return [around, { ...around, width: around.width + 5 }].map((each, index) => ({
      mask: maskOf(each),
      predictedIou: 0.9 - index / 10,
    }));
  }

  private called<Value>(name: string, answer: () => Result<Value>): Promise<Result<Value>> {
    this.calls.push(name);
    if (this.failing?.call === name) return Promise.resolve(failure(this.failing.kind, 'It did not work.'));
    return Promise.resolve(answer());
  }

  /** `window.workbench`. */
  api() {
    return {
      expressions: {
        get: ({ expressionId }: { expressionId: number }) =>
          this.called('expressions.get', () => {
            const found = this.detail(expressionId);
            return found ? { ok: true, value: found } : failure('not-found', `There is no expression.`);
          }),
        segment: (input: InputOf<(typeof expressions)['segment']>) => {
          this.prompts.push(input);
          return this.called('expressions.segment', () => ({
            ok: true,
            value: { candidates: this.cutOut(input), milliseconds: 8 },
          }));
        },
        ask: ({ methods }: InputOf<(typeof expressions)['ask']>) =>
          this.called('expressions.ask', () => ({
            ok: true,
            value: methods.map((method) => this.answer(method)),
          })),
      },
      corrections: {
        apply: ({ change, label }: InputOf<(typeof corrections)['apply']>) =>
          this.called('corrections.apply', () => {
            const planned = this.plan(change as Change);
            if ('ok' in planned) return planned;
            planned.step.again();
            this.done.push({ ...planned.step, label });
            this.undone.length = 0;
            return this.result(label, planned.step.expressionIds);
          }),
        undo: () =>
          this.called('corrections.undo', () => {
            const step = this.done.pop();
            if (!step) return failure('conflict', 'There is nothing to undo.');
            step.back();
            this.undone.push(step);
            return this.result(step.label, step.expressionIds);
          }),
        redo: () =>
          this.called('corrections.redo', () => {
            const step = this.undone.pop();
            if (!step) return failure('conflict', 'There is nothing to redo.');
            step.again();
            this.done.push(step);
            return this.result(step.label, step.expressionIds);
          }),
        history: ({ referentId, newerThan = null }: InputOf<(typeof corrections)['history']>) =>
          this.called('corrections.history', () => ({
            ok: true,
            value: (this.histories.get(referentId) ?? [this.original(referentId)]).filter(
              ({ revision }) => revision > (newerThan ?? -1),
            ),
          })),
        textHistory: () => this.called('corrections.textHistory', () => ({ ok: true, value: [] })),
      },
      browse: {
        ids: () =>
          this.called('browse.ids', () => ({
            ok: true,
            value: { ids: Int32Array.from(this.states.keys()) },
          })),
        facets: () => this.called('browse.facets', () => failure('internal', 'No facets here.')),
      },
      datasets: {
        list: () => this.called('datasets.list', () => ({ ok: true, value: [{ id: 1, expressions: 3 }] })),
      },
      runs: {
        list: () =>
          this.called('runs.list', () => ({
            ok: true,
            value: ['yolo-clip', 'blip-sam', 'risclip'].map((method, index) => ({ id: index + 1, method })),
          })),
        start: () => this.called('runs.start', () => ({ ok: true, value: { jobId: 5, runIds: [1, 2, 3] } })),
      },
      on: (name: string, listener: (payload: never) => void) => {
        this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
        return () => undefined;
      },
    };
  }
}

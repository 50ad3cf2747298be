/** Plausible values of the contract's types; a test changes what it is about. */
import type {
  DatasetSummary,
  ExpressionRow,
  Facets,
  Job,
  MethodId,
  PackSummary,
  RunSummary,
} from '../../../src/common/contract';

export function exampleDataset(changes: Partial<DatasetSummary> = {}): DatasetSummary {
  return {
    id: 1,
    name: 'EmojiRef',
    description: '',
    licence: 'MIT',
    format: 'grounding-jsonl',
    root: '/data/emojiref',
    images: 2,
    referents: 4,
    expressions: 5,
    splits: [{ split: 'test', images: 2, expressions: 5 }],
    kinds: ['category', 'colour'],
    categories: ['fish', 'dog'],
    importedAt: '2026-11-25T01:00:00.000Z',
    contentHash: '0'.repeat(64),
    repaired: 0,
    rejected: 0,
    ...changes,
  };
}

export function exampleRun(id: number, method: MethodId, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    datasetId: 1,
    method,
    packId: 'emojiref-small',
    packName: 'EmojiRef small',
    packVersion: '1.0.0',
    packHash: '0'.repeat(64),
    variant: 'float32',
    settings: {},
    provider: 'cpu',
    versions: {},
    createdAt: '2026-11-25T01:00:00.000Z',
    predictions: 5,
    failures: 0,
    note: '',
    ...changes,
  };
}

export function exampleRow(id: number, changes: Partial<ExpressionRow> = {}): ExpressionRow {
  return {
    id,
    text: `the dog number ${id}`,
    kind: 'category',
    split: 'test',
    imageId: 1,
    imageFile: 'images/0001.png',
    imageWidth: 448,
    imageHeight: 448,
    referentId: id,
    category: 'dog',
    groundTruth: { x: 10, y: 20, width: 30, height: 40 },
    corrected: false,
    reviewState: 'unreviewed',
    failureLabel: null,
    results: [],
    ...changes,
  };
}

export function exampleFacets(changes: Partial<Facets> = {}): Facets {
  return {
    total: 5,
    splits: [{ value: 'test', count: 5 }],
    kinds: [
      { value: 'category', count: 3 },
      { value: 'colour', count: 2 },
    ],
    categories: [],
    reviewStates: [{ value: 'unreviewed', count: 5 }],
    failureLabels: [],
    corrected: 0,
    asImported: 5,
    disagreement: 0,
    lengths: [{ words: 4, count: 5 }],
    runs: [],
    attributes: [],
    ...changes,
  };
}

export function exampleJob(id: number, changes: Partial<Job> = {}): Job {
  return {
    id,
    kind: 'predict',
    title: 'Predict EmojiRef',
    state: 'running',
    done: 2,
    total: 5,
    failed: 0,
    rate: 2,
    remainingSeconds: 2,
    message: '',
    createdAt: '2026-11-25T01:00:00.000Z',
    endedAt: null,
    result: null,
    error: null,
    ...changes,
  };
}

export function examplePack(changes: Partial<PackSummary> = {}): PackSummary {
  return {
    id: 'emojiref-small',
    name: 'EmojiRef small',
    version: '1.0.0',
    description: '',
    licence: 'MIT',
    provenance: '',
    leakage: '',
    demo: true,
    bundled: true,
    path: '/packs/emojiref-small',
    bytes: 1,
    files: [],
    roles: [],
    methods: [
      { method: 'yolo-clip', available: true, missingRoles: [] },
      { method: 'blip-sam', available: true, missingRoles: [] },
      { method: 'risclip', available: false, missingRoles: ['risclip-refiner'] },
    ],
    variants: [],
    variant: 'float32',
    measured: [],
    latencies: [],
    parameters: 1,
    verified: null,
    problem: null,
    ...changes,
  };
}

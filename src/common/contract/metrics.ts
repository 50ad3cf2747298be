/** Every number that an evaluation gives for a run, by name. docs/evaluation.md defines each. */

export type MetricGroup = 'box' | 'mask' | 'proposals' | 'map' | 'confidence' | 'no-referent';

export interface MetricDescription {
  name: string;
  label: string;
  group: MetricGroup;
  /** Less is better: risk and calibration error. */
  lowerIsBetter?: true;
}

export const metricDescriptions = [
  { name: 'accuracy50', label: 'Acc@0.5', group: 'box' },
  { name: 'accuracy75', label: 'Acc@0.75', group: 'box' },
  { name: 'accuracy90', label: 'Acc@0.9', group: 'box' },
  { name: 'meanAccuracy', label: 'mAcc@0.5:0.95', group: 'box' },
  { name: 'meanIou', label: 'mIoU', group: 'box' },
  { name: 'medianIou', label: 'Median IoU', group: 'box' },
  { name: 'giouAccuracy50', label: 'GIoU Acc@0.5', group: 'box' },
  { name: 'centreAccuracy', label: 'Centre accuracy', group: 'box' },
  { name: 'maskMeanIou', label: 'Mask mIoU', group: 'mask' },
  { name: 'maskOverallIou', label: 'Mask oIoU', group: 'mask' },
  { name: 'maskPrecision50', label: 'Mask P@0.5', group: 'mask' },
  { name: 'maskPrecision60', label: 'Mask P@0.6', group: 'mask' },
  { name: 'maskPrecision70', label: 'Mask P@0.7', group: 'mask' },
  { name: 'maskPrecision80', label: 'Mask P@0.8', group: 'mask' },
  { name: 'maskPrecision90', label: 'Mask P@0.9', group: 'mask' },
  { name: 'boundaryF', label: 'Boundary F', group: 'mask' },
  { name: 'proposalRecall', label: 'Proposal recall@0.5', group: 'proposals' },
  { name: 'recallAt1', label: 'Proposal recall, best 1', group: 'proposals' },
  { name: 'recallAt5', label: 'Proposal recall, best 5', group: 'proposals' },
  { name: 'recallAt10', label: 'Proposal recall, best 10', group: 'proposals' },
  { name: 'precisionAt1', label: 'P@1', group: 'proposals' },
  { name: 'precisionAt5', label: 'P@5', group: 'proposals' },
  { name: 'precisionAt10', label: 'P@10', group: 'proposals' },
  { name: 'pointingAccuracy', label: 'Pointing accuracy', group: 'map' },
  { name: 'energyInBox', label: 'Energy in box', group: 'map' },
  { name: 'energyInMask', label: 'Energy in mask', group: 'map' },
  { name: 'mapAuc', label: 'Map AUC', group: 'map' },
  { name: 'aurc', label: 'AURC', group: 'confidence', lowerIsBetter: true },
  { name: 'calibrationError', label: 'ECE', group: 'confidence', lowerIsBetter: true },
  { name: 'noReferentDetection', label: 'No-referent detection', group: 'no-referent' },
  { name: 'noReferentAuroc', label: 'No-referent AUROC', group: 'no-referent' },
] as const satisfies readonly MetricDescription[];

export type MetricName = (typeof metricDescriptions)[number]['name'];
export const metricNames = metricDescriptions.map(({ name }) => name) as [MetricName, ...MetricName[]];

/** A number with what is known of its uncertainty; null where no such interval is made. */
export interface Score {
  value: number;
  /** 95% interval by resampling images. */
  low: number | null;
  high: number | null;
  /** For shares of units: Wilson's 95% interval, which ignores that units share images. */
  wilson: { low: number; high: number } | null;
}

/** Only the metrics that the run has. */
export type Scores = Partial<Record<MetricName, Score>>;

/** How others count, as options and the number that they print (METHODS D.4). */
export const evaluationPresets = [
  {
    id: 'clip-vg',
    name: 'CLIP-VG: Acc@0.5, ≥',
    options: { comparator: '>=', unit: 'expression', boxes: 'exclusive', coverage: 'all' },
    metric: 'accuracy50',
  },
  {
    id: 'reclip',
    name: 'ReCLIP: Acc@0.5, >',
    options: { comparator: '>', unit: 'expression', boxes: 'exclusive', coverage: 'all' },
    metric: 'accuracy50',
  },
  {
    id: 'mdetr',
    name: 'MDETR: GIoU ≥ 0.5',
    options: { comparator: '>=', unit: 'expression', boxes: 'exclusive', coverage: 'all' },
    metric: 'giouAccuracy50',
  },
  {
    id: 'lavt',
    name: 'LAVT: mask oIoU, P@X with ≥',
    options: { comparator: '>=', unit: 'expression', boxes: 'exclusive', coverage: 'all' },
    metric: 'maskOverallIou',
  },
  {
    id: 'cris',
    name: 'CRIS: mask mIoU, P@X with >',
    options: { comparator: '>', unit: 'expression', boxes: 'exclusive', coverage: 'all' },
    metric: 'maskMeanIou',
  },
  {
    id: 'trento',
    name: 'Source document: mean IoU per referent over all its sentences',
    options: { comparator: '>=', unit: 'referent', boxes: 'exclusive', coverage: 'all' },
    metric: 'meanIou',
  },
] as const satisfies readonly {
  id: string;
  name: string;
  options: {
    comparator: '>=' | '>';
    unit: 'expression' | 'referent' | 'image';
    boxes: 'exclusive' | 'inclusive';
    coverage: 'common' | 'all';
  };
  metric: MetricName;
}[];

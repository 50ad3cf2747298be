/** What a pack's parts do alone, and how much of the text its methods use. */
import { z } from 'zod';
import { call, id, nothing } from './define';
import type { OwnMethodId } from './methods';
import type { Estimate } from './evaluation';

/** Answers that never see the expression, chosen among the detector's proposals. */
export const blindChoices = ['largest', 'central', 'confident'] as const;
export type BlindChoice = (typeof blindChoices)[number];

export const blindChoiceNames: Record<BlindChoice, string> = {
  largest: 'Largest object',
  central: 'Most central object',
  confident: 'Detector’s best',
};

/** What was done to an expression before the method was asked; `none`: it was asked as it stands. */
export const textChanges = ['none', 'shuffled', 'removed'] as const;
export type TextChange = (typeof textChanges)[number];

export const textChangeNames: Record<TextChange, string> = {
  none: 'text as it stands',
  shuffled: 'words shuffled',
  removed: 'text removed',
};

/** How SAM is told which object is meant. */
export const samPrompts = ['centre', 'inner', 'box'] as const;
export type SamPromptKind = (typeof samPrompts)[number];

export const samPromptNames: Record<SamPromptKind, string> = {
  centre: 'the pixel deepest inside',
  inner: 'any pixel inside',
  box: 'its box',
};

/** Share of expressions whose box meets the ground truth at IoU 0.5, 0..1, over all and for each kind. */
export interface ProbedAccuracy {
  accuracy50: Estimate;
  kinds: { kind: string; count: number; accuracy50: Estimate }[];
}

export interface Probe {
  id: number;
  datasetId: number;
  /** null: all splits together. */
  split: string | null;
  packId: string;
  packName: string;
  packVersion: string;
  createdAt: string;
  images: number;
  expressions: number;
  objects: number;
  /** Against all referents of the images, whatever their category; null where the pack has no detector. */
  detector: { averagePrecision50: Estimate; recall50: Estimate } | null;
  /** Mean mask IoU over all referents with a mask, 0..1. */
  segmenter: { prompt: SamPromptKind; meanIou: Estimate }[];
  blind: ({ choice: BlindChoice } & ProbedAccuracy)[];
  text: ({ method: OwnMethodId; change: TextChange } & ProbedAccuracy)[];
}

export const probes = {
  list: call<Probe[]>()(nothing),
  /** Starts the job that measures; its result is `{ probeId }`. */
  start: call<{ jobId: number }>()(
    z.strictObject({
      datasetId: id,
      split: z.string().max(200).nullable(),
      /** null: the default pack. */
      packId: z.string().max(200).nullable(),
      /** Only the first images; null: all. */
      images: id.nullable(),
    }),
  ),
  remove: call<null>()(z.strictObject({ probeId: id })),
};

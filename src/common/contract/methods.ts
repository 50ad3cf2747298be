/** Methods, predictions and the evidence behind them. */
import { z } from 'zod';
import type { ImageBox, ImagePoint, RunLengthMask } from '../geometry/types';

/** The methods that the workbench runs itself. */
export const ownMethodIds = ['yolo-clip', 'blip-sam', 'risclip'] as const;
export type OwnMethodId = (typeof ownMethodIds)[number];
export const ownMethodId = z.enum(ownMethodIds);

/** All that a run can be of. `imported` stands for any method that answered elsewhere; its run brings the name. */
export const methodIds = [...ownMethodIds, 'imported'] as const;
export type MethodId = (typeof methodIds)[number];

export const methodNames: Record<MethodId, string> = {
  'yolo-clip': 'YOLO+CLIP',
  'blip-sam': 'BLIP+SAM',
  risclip: 'RisCLIP',
  imported: 'Imported',
};

/** What to call the method of a run: an imported run has brought its own name. */
export function methodNameOf({ method, packName }: { method: MethodId; packName: string }): string {
  return method === 'imported' ? packName : methodNames[method];
}

/** A small map over the whole image: row-major, one byte a cell, value = minimum + byte/255·(maximum−minimum). */
export interface GridMap {
  width: number;
  height: number;
  minimum: number;
  maximum: number;
  /** Base64 of width·height bytes. */
  values: string;
}

export interface Proposal {
  box: ImageBox;
  /** Objectness × best class score, 0..1. */
  score: number;
  category: string;
  /** Cosine similarity of the crop and the expression, −1..1. */
  similarity: number;
  /** Softmax over the proposals of this image, 0..1. */
  probability: number;
}

export interface PromptPoint extends ImagePoint {
  /** true: on the object; false: not on it. */
  positive: boolean;
}

export interface CandidateMask {
  mask: RunLengthMask;
  /** The decoder's own guess of its IoU, 0..1. */
  predictedIou: number;
  /** Mean of the heat map inside minus outside. */
  heat: number;
}

export type Evidence =
  | { method: 'yolo-clip'; /** In order of similarity, best first. */ proposals: Proposal[] }
  | {
      method: 'blip-sam';
      heatMap: GridMap | null;
      /** Probability that text and image match, 0..1. */
      match: number;
      points: PromptPoint[];
      candidates: CandidateMask[];
      /** Index into candidates; −1 when there is none. */
      chosen: number;
    }
  | { method: 'risclip'; locatorMap: GridMap; refinedMap: GridMap; threshold: number }
  | {
      method: 'imported';
      /** Where the answer stood: file and line, or file and place in its list. */
      source: string;
      /** Whether the file gives masks at all: only then does an answer without one miss the true mask. */
      makesMasks: boolean;
    };

/** Milliseconds of one stage; `runtime` is the part of it spent inside onnxruntime. */
export interface StageTiming {
  stage: string;
  milliseconds: number;
  runtime: number;
}

/** One method's answer for one expression. */
export interface Prediction {
  method: MethodId;
  /** null: the method found nothing; counts as IoU 0. */
  box: ImageBox | null;
  mask: RunLengthMask | null;
  /** The method's own confidence; scales differ between methods. */
  score: number | null;
  /** Why there is no box; empty when there is one. */
  missingReason: string;
  evidence: Evidence;
  timings: StageTiming[];
}

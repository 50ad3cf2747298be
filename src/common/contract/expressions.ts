/** One expression with everything known about it: what Inspect and Correct show. */
import { z } from 'zod';
import type { ImageBox, RunLengthMask } from '../geometry/types';
import type { ErrorStage, ErrorType, LocalisationError } from './error-types';
import { runIds } from './browse';
import { imageBox, runLengthMask, type ReviewState, type UndoState } from './corrections';
import { call, id, nothing } from './define';
import { ownMethodId, type MethodId, type Prediction } from './methods';

export interface ImageInfo {
  id: number;
  datasetId: number;
  fileName: string;
  width: number;
  height: number;
  split: string;
}

export interface GroundTruth {
  referentId: number;
  category: string;
  box: ImageBox | null;
  mask: RunLengthMask | null;
  revision: number;
  corrected: boolean;
  originalBox: ImageBox | null;
  originalMask: RunLengthMask | null;
}

/** What is right or wrong with an answer, and which stage of the method is to blame; as the evaluation counts it. */
export interface AnswerVerdict {
  type: ErrorType;
  /** How a badly placed box misses; null for all else. */
  localisation: LocalisationError | null;
  /** null for right answers. */
  stage: ErrorStage | null;
}

/** A stored prediction, measured against the current ground truth. */
export interface MeasuredPrediction extends Prediction {
  runId: number;
  predictionId: number;
  /** The text that the method read. Another one than the expression's: it was edited since, and a new run answers anew. */
  answeredText: string;
  /** 0 where there is no box; null where there is no ground truth to measure against. */
  iou: number | null;
  maskIou: number | null;
  /** null where there is no ground truth to judge by. */
  verdict: AnswerVerdict | null;
}

export interface ExpressionDetail {
  id: number;
  text: string;
  originalText: string;
  kind: string;
  attributes: Record<string, string | number | boolean>;
  image: ImageInfo;
  groundTruth: GroundTruth | null;
  /** The other annotated objects of the image. */
  otherObjects: { referentId: number; category: string; box: ImageBox | null }[];
  /** All expressions of the image, this one included. */
  siblings: { id: number; text: string; kind: string; referentId: number | null }[];
  /** Whether a person added it; what was imported has an original to go back to. */
  added: boolean;
  reviewState: ReviewState;
  /** What a person noted about it; empty: nothing. */
  note: string;
  failureLabel: string | null;
  predictions: MeasuredPrediction[];
  /** Runs that tried to answer it and could not. */
  failures: { runId: number; method: MethodId; message: string }[];
  undoState: UndoState;
}

/** One method's answer to a free question; nothing is stored. */
export type Answer =
  | { method: MethodId; ok: true; prediction: Prediction; milliseconds: number }
  | { method: MethodId; ok: false; message: string; hint: string };

/** A mask cut out where a person pointed. */
export interface SegmentedMask {
  mask: RunLengthMask;
  /** The decoder's own guess of its IoU, 0..1. */
  predictedIou: number;
}

export interface Segmentation {
  /** Best first; empty where nothing was found, or nothing asked for. */
  candidates: SegmentedMask[];
  /** From the call to the answer. */
  milliseconds: number;
}

/** Exact colours of a square of a picture, row by row, three bytes (red, green, blue) a pixel. */
export interface PixelTile {
  x: number;
  y: number;
  /** Less than the side that was asked for at the picture's right and bottom border. */
  width: number;
  height: number;
  colours: Uint8Array;
}

/** Most points of one prompt. */
const mostPoints = 64;

export const expressions = {
  get: call<ExpressionDetail>()(z.strictObject({ expressionId: id, runIds })),
  /** Grounds any text on an image of the workspace with the given methods. */
  ask: call<Answer[]>()(
    z.strictObject({
      imageId: id,
      text: z.string().trim().min(1).max(2_000),
      methods: z.array(ownMethodId).min(1),
      packId: z.string().max(200).nullable().default(null),
    }),
  ),
  /** Colours as the methods see them; `x` and `y` are the square's top left pixel. */
  pixels: call<PixelTile>()(
    z.strictObject({
      picture: z.union([z.strictObject({ imageId: id }), z.strictObject({ heldId: id })]),
      x: z.number().int().nonnegative(),
      y: z.number().int().nonnegative(),
      side: z.number().int().min(1).max(256),
    }),
  ),
  /** Cuts out what is pointed at; nothing is stored. Without points and box the image is only made ready. */
  segment: call<Segmentation>()(
    z.strictObject({
      imageId: id,
      /** In pixels of the image. */
      points: z
        .array(z.strictObject({ x: z.number(), y: z.number(), positive: z.boolean() }))
        .max(mostPoints)
        .default([]),
      box: imageBox.nullable().default(null),
      /** The mask that the new points are to improve on. */
      previousMask: runLengthMask.nullable().default(null),
      packId: z.string().max(200).nullable().default(null),
    }),
  ),
};

/** What is kept on the disk of pictures as they are shown in lists. */
export interface ThumbnailCacheStatus {
  bytes: number;
  entries: number;
  /** Bytes that it may grow to, as the settings say; 0: nothing is kept. */
  limit: number;
}

/** As many images as may be in sight. */
export const mostColoursFirst = 200;

export const images = {
  /**
   * Bytes of an image for display: only by id, always re-encoded by us. `stamp` is another one as soon as the file is
   * another; null instead of bytes where it is the `known` one still.
   */
  read: call<{ bytes: Uint8Array | null; contentType: string; stamp: string }>()(
    z.strictObject({
      imageId: id,
      size: z.number().int().min(16).max(4_096).nullable().default(null),
      known: z.string().max(100).nullable().default(null),
    }),
    { internal: true },
  ),
  /**
   * Colours of the pictures (src/common/picture-colours.ts) as far as they are known, so many records from the one
   * given on; a later record of an image counts instead of an earlier one. Those not known yet are found out while
   * nobody asks for pictures. `complete`: there are no more to come. `first`: images in sight, whose colours are found out at
   * once and before the answer.
   */
  colours: call<{ records: Uint8Array; complete: boolean }>()(
    z.strictObject({
      from: z.number().int().nonnegative(),
      first: z.array(id).max(mostColoursFirst).default([]),
    }),
  ),
  cache: call<ThumbnailCacheStatus>()(nothing),
  /** Removes what is kept; pictures are then made anew when they are shown. */
  clearCache: call<ThumbnailCacheStatus>()(nothing),
};

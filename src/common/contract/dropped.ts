/**
 * An image dropped onto the window: looked at and asked about without being part of any dataset, and kept only when a
 * person adds it. Its bytes go to the engine of this machine and nowhere else.
 */
import { z } from 'zod';
import { call, id, shortText } from './define';
import type { Answer } from './expressions';
import { imageBox, runLengthMask, type CorrectionResult } from './corrections';
import { ownMethodId } from './methods';

/** Largest file that is looked at, in bytes, and largest picture, in pixels. */
export const dropLimits = { bytes: 64_000_000, pixels: 40_000_000 } as const;

/** A picture that the engine holds in memory until it is let go, or newer ones take its place. */
export interface HeldImage {
  heldId: number;
  name: string;
  width: number;
  height: number;
  /** Re-encoded from the pixels, for display: nothing of the file but these gets here. */
  picture: Uint8Array;
  contentType: string;
}

export interface AddedImage {
  datasetId: number;
  imageId: number;
  expressionId: number;
  correction: CorrectionResult;
}

const fileBytes = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.byteLength > 0 && value.byteLength <= dropLimits.bytes,
  `a picture file of at most ${dropLimits.bytes / 1_000_000} MB`,
);

export const dropped = {
  hold: call<HeldImage>()(z.strictObject({ name: shortText.min(1), bytes: fileBytes })),
  ask: call<Answer[]>()(
    z.strictObject({
      heldId: id,
      text: z.string().trim().min(1).max(2_000),
      methods: z.array(ownMethodId).min(1),
      packId: z.string().max(200).nullable().default(null),
    }),
  ),
  /** Keeps the picture in the workspace, in a dataset of its own kind, with an expression. One step that can be undone. */
  add: call<AddedImage>()(
    z.strictObject({
      heldId: id,
      text: shortText.min(1),
      /** What the expression means; null: nothing in the picture. */
      referent: z
        .strictObject({
          box: imageBox,
          mask: runLengthMask.nullable(),
          source: z.enum(['drawn', 'accepted']),
        })
        .nullable(),
    }),
  ),
  release: call<null>()(z.strictObject({ heldId: id })),
};

/** Where a person is in the window, kept by the main process so that a crash or a restart leads back there. */
import { z } from 'zod';
import { methodIds } from './methods';
import { mostNamedExpressions, viewState } from './browse';
import { change, imageBox } from './corrections';
import { id, shortText } from './define';

/** More selected expressions than this are not kept: the selection is then made anew. */
export const mostKeptSelected = 100_000;

/** Texts kept that were typed and not committed. */
export const mostDrafts = 100;

const imagePoint = z.strictObject({ x: z.number(), y: z.number() });

/** Browse as it is shown, without its data and without lists that may be long. */
const browsePlace = z.strictObject({
  datasetId: id,
  view: viewState.omit({ examples: true }),
  markedId: id.nullable(),
  /** Runs chosen by hand. */
  runs: z.partialRecord(z.enum(methodIds), id),
});

/** Inspect with what is in hand. What a gesture under way would become is no part of it. */
const inspectPlace = z.strictObject({
  expressionId: id,
  /** null: the image is fitted. `scale`: screen pixels per image pixel; `centre`: in pixels of the image. */
  camera: z.strictObject({ scale: z.number().positive(), centre: imagePoint }).nullable(),
  panel: z.enum(['evidence', 'correct']),
  isEditingBox: z.boolean(),
  tool: z.enum(['clicks', 'brush', 'eraser', 'polygon']).nullable(),
  /** What SAM was told, click by click. */
  clicks: z
    .array(
      z.strictObject({
        points: z
          .array(z.strictObject({ x: z.number(), y: z.number(), positive: z.boolean() }))
          .max(1_000)
          .readonly(),
        box: imageBox.nullable(),
      }),
    )
    .max(1_000),
  /** Of the polygon that is not closed yet, in pixels of the image. */
  corners: z.array(imagePoint).max(10_000),
});

/** A change that a person made and the workspace has not confirmed. */
const unsavedChange = z.strictObject({ imageId: id, label: shortText, change });

export const place = z.strictObject({
  /** Within the window: `/inspect/12`. */
  route: z.string().max(300).startsWith('/').nullable(),
  browse: browsePlace.nullable(),
  /** In Browse. Apart, because it may be long and changes seldom. */
  selected: z.array(id).max(mostKeptSelected),
  /** The named expressions that Browse shows; apart for the same reason. */
  examples: z
    .strictObject({ label: shortText, expressionIds: z.array(id).max(mostNamedExpressions) })
    .nullable(),
  inspect: inspectPlace.nullable(),
  unsaved: z.array(unsavedChange).max(10_000),
  /** Text that was typed and not committed, by the place where that was: `note:12`. Newest last. */
  drafts: z.array(z.strictObject({ key: z.string().max(200), text: z.string().max(20_000) })).max(mostDrafts),
});
export type Place = z.output<typeof place>;
export type BrowsePlace = z.output<typeof browsePlace>;
export type InspectPlace = z.output<typeof inspectPlace>;
export type UnsavedChange = z.output<typeof unsavedChange>;

export const nowhere: Place = {
  route: null,
  browse: null,
  selected: [],
  examples: null,
  inspect: null,
  unsaved: [],
  drafts: [],
};

/** Some of it: the rest stays as it was told last. */
export const placeChange = place.partial();

/** Schemas that several formats share, and how an item that does not fit becomes a problem. */
import { z } from 'zod';
import type { ImportProblem } from '../../../common/contract';
import type { ImageBox } from '../../../common/geometry/types';
import type { SourceMask } from './model';

/** Ids are texts inside the workbench; sources write numbers or texts. */
export const key = z
  .union([z.string().min(1).max(500), z.number(), z.bigint()])
  .transform((value) => String(value));

export const boxTuple = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** A flat object; nested values are left out. */
export const attributes = z
  .record(z.string(), z.unknown())
  .default({})
  .transform((record) =>
    Object.fromEntries(
      Object.entries(record).filter(
        (entry): entry is [string, string | number | boolean] =>
          typeof entry[1] === 'string' || typeof entry[1] === 'boolean' || Number.isFinite(entry[1]),
      ),
    ),
  );

export function toBox([x, y, width, height]: z.output<typeof boxTuple>): ImageBox {
  return { x, y, width, height };
}

/** COCO's `segmentation`: polygons, or run lengths packed or as a list. null: there is none; undefined: not one. */
export function toMask(segmentation: unknown): SourceMask | null | undefined {
  if (segmentation === null || segmentation === undefined) return null;
  if (Array.isArray(segmentation)) {
    if (segmentation.length === 0) return null;
    return segmentation.every(isNumbers) ? { form: 'polygons', polygons: segmentation } : undefined;
  }
  const { size, counts } = segmentation as { size?: unknown; counts?: unknown };
  if (!isNumbers(size) || size.length !== 2) return undefined;
  const [height, width] = size as [number, number];
  if (typeof counts === 'string') return { form: 'packed', size: [height, width], counts };
  return isNumbers(counts) ? { form: 'runs', size: [height, width], counts } : undefined;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** The parsed item, or null after its problem was noted. */
export function parseItem<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
  rejected: ImportProblem[],
): z.output<Schema> | null {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.');
  rejected.push({
    kind: 'not-well-formed',
    where,
    message: field ? `${field}: ${issue?.message}` : (issue?.message ?? 'not valid'),
  });
  return null;
}

import { z } from 'zod';
import { call, filePath, id, nothing, shortText } from './define';

export const datasetFormats = [
  'grounding-jsonl',
  'refer',
  'mdetr',
  'coco-csv',
  'coco',
  'odvg',
  'labelme',
  'voc',
  'yolo',
  'parquet',
  'folder-csv',
] as const;
export type DatasetFormat = (typeof datasetFormats)[number];

export const exportFormats = [
  'grounding-jsonl',
  'refer',
  'mdetr',
  'coco',
  'odvg',
  'labelme',
  'voc',
  'yolo',
  'parquet',
  'folder-csv',
] as const satisfies readonly DatasetFormat[];
export type ExportFormat = (typeof exportFormats)[number];

/** How COCO holds masks: packed run lengths, lists of run lengths, or polygons where they give the very same pixels. */
export const maskForms = ['packed', 'runs', 'polygons'] as const;
export type MaskForm = (typeof maskForms)[number];

export interface DatasetExport {
  path: string;
  /** Expressions written; those that only the workbench finds again are among them. */
  expressions: number;
  /** Sentences with counts: what other programs will not read. Importing the export here brings all of it back. */
  warnings: string[];
}

/** Something found in the source that was mended, or that made an item unusable. */
export interface ImportProblem {
  /** e.g. `box-clipped`, `image-missing`, `image-unreadable`, `expression-too-long`. */
  kind: string;
  /** Which item: file and line, or its id. */
  where: string;
  message: string;
}

export interface DatasetSplit {
  split: string;
  images: number;
  expressions: number;
}

export interface DatasetSummary {
  id: number;
  name: string;
  description: string;
  licence: string;
  format: DatasetFormat;
  /** Folder that the images are read from. */
  root: string;
  images: number;
  referents: number;
  expressions: number;
  splits: DatasetSplit[];
  kinds: string[];
  categories: string[];
  /** ISO 8601. */
  importedAt: string;
  /** SHA-256 over the canonical content (ids, boxes, masks, texts, image hashes are not included). */
  contentHash: string;
  repaired: number;
  rejected: number;
}

export interface ImportPreview {
  format: DatasetFormat;
  name: string;
  images: number;
  referents: number;
  expressions: number;
  splits: DatasetSplit[];
  repaired: ImportProblem[];
  rejected: ImportProblem[];
  /** Totals; the lists above hold at most the first 200 of each. */
  repairedCount: number;
  rejectedCount: number;
  sample: { text: string; image: string; kind: string }[];
}

/** What is imported: a folder or file, the format (null: detect it), and what the format needs beside it. */
export const importSource = z.strictObject({
  path: filePath,
  format: z.enum(datasetFormats).nullable().default(null),
  /** Folder of the images where it is not beside the annotations. */
  imagesPath: filePath.nullable().default(null),
  name: shortText.nullable().default(null),
});
export type ImportSource = z.output<typeof importSource>;

export interface DatasetRemoval {
  /** Whether nothing of it is left in the database. */
  cleared: boolean;
  /** Its images were inside the imported file, and stay in the workspace as long as so many backups that are kept need them. */
  backupsWithImages: number;
}

export const datasets = {
  list: call<DatasetSummary[]>()(nothing),
  detect: call<{ formats: DatasetFormat[] }>()(z.strictObject({ path: filePath })),
  preview: call<ImportPreview>()(importSource, { work: 'preview' }),
  /** Starts a job; its result is the dataset's id. */
  import: call<{ jobId: number }>()(importSource),
  problems: call<{ repaired: ImportProblem[]; rejected: ImportProblem[] }>()(
    z.strictObject({ datasetId: id }),
  ),
  /** It is gone at once; what is left of it is cleared away meanwhile. Stopped, that goes on at the next start. */
  remove: call<DatasetRemoval>()(z.strictObject({ datasetId: id }), { work: 'remove-dataset' }),
  /** Writes the dataset, with the ground truth as corrected or as imported, to a new folder. */
  export: call<DatasetExport>()(
    z.strictObject({
      datasetId: id,
      path: filePath,
      format: z.enum(exportFormats),
      groundTruth: z.enum(['corrected', 'original']).default('corrected'),
      /** Whether the images are copied along (inside the file, with Parquet); null: as is usual for the format. */
      images: z.boolean().nullable().default(null),
      masks: z.enum(maskForms).default('packed'),
    }),
    { work: 'export-dataset' },
  ),
};

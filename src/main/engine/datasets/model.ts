/**
 * The one shape between formats and workspace. A format's reader gives a SourceDataset: what the files say, well
 * formed but not yet believed. Validation makes a ValidDataset of it, which is inserted, hashed and exported.
 */
import type { DatasetFormat, ImportProblem } from '../../../common/contract';
import type { ImageBox, RunLengthMask } from '../../../common/geometry/types';
import type { Breather } from './breathe';

export type Attributes = Record<string, string | number | boolean>;

/** A mask as sources write it. */
export type SourceMask =
  | { form: 'packed'; size: [number, number]; counts: string }
  | { form: 'runs'; size: [number, number]; counts: number[] }
  | { form: 'polygons'; polygons: number[][] };

/** `where` names the item for a person: file and line, or file and id. */
export interface SourceImage {
  key: string;
  /** Path relative to the dataset's root, with forward slashes. */
  file: string;
  /** What the source says the size is; null where it says nothing. */
  width: number | null;
  height: number | null;
  split: string;
  where: string;
}

export interface SourceReferent {
  key: string;
  imageKey: string;
  category: string;
  /** null: the source gives no box. */
  box: ImageBox | null;
  mask: SourceMask | null;
  attributes: Attributes;
  where: string;
}

export interface SourceExpression {
  key: string;
  /** null: the expression means nothing in the image. */
  referentKey: string | null;
  /** null: the referent's image. */
  imageKey: string | null;
  text: string;
  kind: string;
  /** null: the image's split. */
  split: string | null;
  attributes: Attributes;
  where: string;
}

export interface SourceDataset {
  format: DatasetFormat;
  name: string;
  description: string;
  licence: string;
  /** Absolute folder that image files are relative to. */
  root: string;
  images: SourceImage[];
  referents: SourceReferent[];
  expressions: SourceExpression[];
  /** Items that could not even be read. */
  rejected: ImportProblem[];
}

/** What a reader begins with: nothing read yet, and nothing said about content and licence. */
export function emptyDataset(what: Pick<SourceDataset, 'format' | 'name' | 'root'>): SourceDataset {
  return {
    ...what,
    description: '',
    licence: '',
    images: [],
    referents: [],
    expressions: [],
    rejected: [],
  };
}

/** Where to read from, with absolute paths; long loops breathe. */
export interface ReadSource {
  path: string;
  imagesPath: string | null;
  breather: Breather;
  /** A folder for images that are inside the source's files, made when it is first asked for. */
  extract(): Promise<string>;
}

export interface DatasetReader {
  readonly format: DatasetFormat;
  /** Whether the file or folder looks like this format; reads no more than names and first lines. */
  detect(path: string): Promise<boolean>;
  read(source: ReadSource): Promise<SourceDataset>;
}

export interface ValidImage {
  key: string;
  file: string;
  width: number;
  height: number;
  split: string;
}

export interface ValidReferent {
  key: string;
  imageKey: string;
  category: string;
  box: ImageBox | null;
  mask: RunLengthMask | null;
  attributes: Attributes;
}

export interface ValidExpression {
  key: string;
  imageKey: string;
  referentKey: string | null;
  text: string;
  kind: string;
  split: string;
  category: string;
  attributes: Attributes;
}

/** The content of a dataset: what is hashed, stored and exported. References are whole and keys unique. */
export interface DatasetContent {
  images: ValidImage[];
  referents: ValidReferent[];
  expressions: ValidExpression[];
}

export interface ValidDataset extends DatasetContent {
  format: DatasetFormat;
  name: string;
  description: string;
  licence: string;
  root: string;
  repaired: ImportProblem[];
  rejected: ImportProblem[];
}

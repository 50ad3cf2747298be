/** What each dataset format is and what other programs read from it: for the dialogs, the exports' warnings and the docs. */
import { maskForms, type DatasetFormat, type MaskForm } from './contract/datasets';

/** What a dataset of the workbench can hold, and a format may have no place for. */
export const formatFacts = [
  'expressions',
  'absent',
  'masks',
  'exactBoxes',
  'unmentioned',
  'kinds',
  'attributes',
  'splits',
] as const;
export type FormatFact = (typeof formatFacts)[number];

export interface FormatDescription {
  name: string;
  /** What it looks like on the disk, for somebody who is about to choose it. */
  looks: string;
  /** A sentence on what other programs read of what the workbench exports; empty where it is not exported. */
  keeps: string;
  /** What other programs do not find in it. */
  lacks: readonly FormatFact[];
  /** Whether the export copies the images unless it is told otherwise. */
  copiesImages: boolean;
  /** Set where an export without copies could not be read again, because the images get other names. */
  needsImages?: true;
  /** The forms that masks can be written in; where it is absent, the format has one form or none. */
  maskForms?: readonly MaskForm[];
}

/** What a person who exports reads of each form of masks. */
export const maskFormWords: Record<MaskForm, { name: string; meaning: string }> = {
  packed: { name: 'Compressed run lengths', meaning: 'COCO’s RLE as a string: exact and the smallest.' },
  runs: {
    name: 'Uncompressed run lengths',
    meaning: 'COCO’s RLE as a list of numbers: exact, without a codec.',
  },
  polygons: {
    name: 'Polygons',
    meaning: 'Outlines, where they give the very same pixels; the other masks stay compressed run lengths.',
  },
};

export const formatDescriptions: Record<DatasetFormat, FormatDescription> = {
  'grounding-jsonl': {
    name: 'Grounding JSONL',
    looks: 'A folder with dataset.json, images.jsonl, referents.jsonl and expressions.jsonl.',
    keeps: 'The workbench’s own format: everything, with a copy of the images.',
    lacks: [],
    copiesImages: true,
  },
  refer: {
    name: 'REFER',
    looks: 'A folder with refs(….).p or refs(….).json and instances.json (RefCOCO, RefCOCO+, RefCOCOg).',
    keeps: 'Expressions, boxes, exact masks and splits, for the tools made for RefCOCO.',
    lacks: ['absent', 'kinds', 'attributes'],
    copiesImages: false,
    maskForms,
  },
  mdetr: {
    name: 'MDETR JSON',
    looks: 'A JSON file with images, annotations and captions (finetune_refcocog_val.json).',
    keeps: 'Expressions, boxes and splits: one file for each split.',
    lacks: ['masks', 'unmentioned', 'kinds', 'attributes'],
    copiesImages: false,
    maskForms,
  },
  coco: {
    name: 'COCO instances',
    looks: 'A JSON file with images, annotations and categories, and expressions with the annotations.',
    keeps:
      'Objects with boxes and masks; the expressions lie in a list of their own that COCO’s tools ignore.',
    lacks: ['expressions', 'absent', 'kinds', 'attributes', 'splits'],
    copiesImages: false,
    maskForms,
  },
  'coco-csv': {
    name: 'COCO with a CSV of expressions',
    looks: 'instances.json with a CSV that gives an expression for each annotation.',
    keeps: '',
    lacks: [],
    copiesImages: false,
  },
  odvg: {
    name: 'ODVG grounding JSONL',
    looks: 'A .jsonl file with filename and grounding (caption, regions) in each line.',
    keeps: 'Expressions, boxes and splits, for Grounding DINO and MMDetection.',
    lacks: ['masks', 'unmentioned', 'kinds', 'attributes'],
    copiesImages: false,
  },
  labelme: {
    name: 'labelme',
    looks:
      'A folder with one JSON file of shapes for each image; the description of a shape is an expression.',
    keeps: 'Boxes as rectangles, masks as mask shapes, expressions as descriptions.',
    lacks: ['absent', 'kinds', 'attributes', 'splits'],
    copiesImages: true,
  },
  voc: {
    name: 'Pascal VOC XML',
    looks: 'A folder Annotations with one XML file for each image; expressions stand with the objects.',
    keeps: 'Boxes and splits; expressions are elements that detectors ignore.',
    lacks: ['expressions', 'absent', 'masks', 'kinds', 'attributes'],
    copiesImages: true,
  },
  yolo: {
    name: 'YOLO boxes',
    looks: 'data.yaml with folders images and labels, and expressions.jsonl beside them.',
    keeps: 'Boxes as shares of the image, categories and splits; the expressions lie in expressions.jsonl.',
    lacks: ['expressions', 'absent', 'masks', 'exactBoxes', 'kinds', 'attributes'],
    copiesImages: true,
    needsImages: true,
  },
  parquet: {
    name: 'Parquet',
    looks: 'Parquet files with an image and an expression in each row, as on Hugging Face.',
    keeps: 'Expressions, boxes, masks, kinds, attributes and splits, with the images inside.',
    lacks: ['unmentioned'],
    copiesImages: true,
  },
  'folder-csv': {
    name: 'Image folder with a CSV',
    looks: 'A CSV with a file name, an expression and a box in each line.',
    keeps: 'Expressions, boxes, categories, kinds and splits in one table.',
    lacks: ['masks', 'unmentioned', 'attributes'],
    copiesImages: false,
  },
};

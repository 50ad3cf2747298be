import type { DatasetFormat } from '../../../common/contract';

export const formatNames: Record<DatasetFormat, string> = {
  'grounding-jsonl': 'Grounding JSONL',
  refer: 'REFER',
  mdetr: 'MDETR JSON',
  'coco-csv': 'COCO with a CSV of expressions',
  'folder-csv': 'Image folder with a CSV',
};

/** What each format looks like on the disk, for somebody who is about to choose it. */
export const formatHints: Record<DatasetFormat, string> = {
  'grounding-jsonl': 'A folder with dataset.json, images.jsonl, referents.jsonl and expressions.jsonl.',
  refer: 'A folder with refs(….).p and instances.json (RefCOCO, RefCOCO+, RefCOCOg).',
  mdetr: 'A JSON file with images, annotations and captions (finetune_refcocog_val.json).',
  'coco-csv': 'instances.json with a CSV that gives an expression for each annotation.',
  'folder-csv': 'A CSV with a file name, an expression and a box in each line.',
};

/** Below a folder, with the folder's own separator. */
export function pathBelow(folder: string, name: string): string {
  const separator = folder.includes('\\') ? '\\' : '/';
  return `${folder.replace(/[\\/]+$/, '')}${separator}${name}`;
}

/** A dataset's name as the name of a folder: nothing but letters, digits, dots and dashes. */
export function folderName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain || 'dataset';
}

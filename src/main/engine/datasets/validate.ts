/**
 * The one place where what a source says is believed, mended or rejected, whatever its format. Each decision is a
 * problem with a reason; the rest goes on. Afterwards keys are unique, references are whole, boxes lie inside their
 * images and masks have their image's size.
 */
import type { ImportProblem } from '../../../common/contract';
import { clipBox } from '../../../common/geometry/boxes';
import { runLengthBox } from '../../../common/geometry/rle';
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';
import { checkMask } from './check-mask';
import type {
  SourceDataset,
  SourceExpression,
  SourceImage,
  SourceReferent,
  ValidDataset,
  ValidExpression,
  ValidImage,
  ValidReferent,
} from './model';
import type { Breather } from './breathe';

export const longestExpression = 2_000;
/** Coordinates are often rounded to two decimals; a box that sticks out by no more is inside. */
const roundingPixels = 0.01;

/** What looking at an image's file told. */
export type ImageFinding = Size | { kind: string; message: string };

/** `findings` by image key; `breather` lets other work happen in between and throws when the work is cancelled. */
export async function validateDataset(
  source: SourceDataset,
  findings: ReadonlyMap<string, ImageFinding>,
  breather: Breather,
): Promise<ValidDataset> {
  const validation = new Validation(source);
  for (const image of source.images) validation.image(image, findings.get(image.key));
  for (const referent of source.referents) {
    validation.referent(referent);
    await breather.breathe();
  }
  for (const expression of source.expressions) {
    validation.expression(expression);
    await breather.breathe();
  }
  return validation.result();
}

class Validation {
  readonly #source: SourceDataset;
  readonly #repaired: ImportProblem[] = [];
  readonly #rejected: ImportProblem[];
  readonly #images = new Map<string, ValidImage>();
  readonly #referents = new Map<string, ValidReferent>();
  readonly #expressions = new Map<string, ValidExpression>();
  /** Keys that the source has but that were rejected: to tell "rejected" from "unknown". */
  readonly #rejectedImages = new Set<string>();
  readonly #rejectedReferents = new Set<string>();

  constructor(source: SourceDataset) {
    this.#source = source;
    this.#rejected = [...source.rejected];
  }

  result(): ValidDataset {
    const { format, name, description, licence, root } = this.#source;
    return {
      format,
      name,
      description,
      licence,
      root,
      images: [...this.#images.values()],
      referents: [...this.#referents.values()],
      expressions: [...this.#expressions.values()],
      repaired: this.#repaired,
      rejected: this.#rejected,
    };
  }

  image(image: SourceImage, finding: ImageFinding | undefined): void {
    const { key, file, split, where } = image;
    if (this.#images.has(key)) return this.#reject(where, 'duplicate-id', `the image "${key}" occurs twice`);
    if (!finding || 'kind' in finding) {
      this.#rejectedImages.add(key);
      return this.#reject(
        where,
        finding?.kind ?? 'image-missing',
        finding?.message ?? `${file} was not found`,
      );
    }
    const { width, height } = finding;
    if ((image.width ?? width) !== width || (image.height ?? height) !== height) {
      this.#repair(
        where,
        'image-size',
        `the source says ${image.width}×${image.height}, the file ${file} is ${width}×${height}; the file's size counts`,
      );
    }
    this.#images.set(key, { key, file, width, height, split });
  }

  referent(referent: SourceReferent): void {
    const { key, imageKey, where } = referent;
    if (this.#referents.has(key))
      return this.#reject(where, 'duplicate-id', `the referent "${key}" occurs twice`);
    const image = this.#images.get(imageKey);
    if (!image) {
      this.#rejectedReferents.add(key);
      // Objects of a rejected image are not listed one by one; its expressions are.
      if (!this.#rejectedImages.has(imageKey)) {
        this.#reject(where, 'unknown-image', `there is no image "${imageKey}"`);
      }
      return;
    }
    const checked = referent.mask && checkMask(referent.mask, image);
    const mask = checked && 'counts' in checked ? checked : null;
    const box = this.#box(referent, image, mask);
    if (box === undefined) {
      this.#rejectedReferents.add(key);
      return;
    }
    if (checked && 'kind' in checked)
      this.#repair(where, checked.kind, `${checked.message}; the mask was left out`);
    const { category, attributes } = referent;
    this.#referents.set(key, { key, imageKey, category: clean(category), box, mask, attributes });
  }

  expression(expression: SourceExpression): void {
    const { key, where, referentKey } = expression;
    if (this.#expressions.has(key)) {
      return this.#reject(where, 'duplicate-id', `the expression "${key}" occurs twice`);
    }
    const referent = referentKey === null ? undefined : this.#referents.get(referentKey);
    if (referentKey !== null && !referent) {
      const imageRejected = this.#rejectedImages.has(expression.imageKey ?? '');
      if (imageRejected) return this.#reject(where, 'image-rejected', 'its image was rejected');
      return this.#rejectedReferents.has(referentKey)
        ? this.#reject(where, 'referent-rejected', `its referent "${referentKey}" was rejected`)
        : this.#reject(where, 'unknown-referent', `there is no referent "${referentKey}"`);
    }
    const imageKey = expression.imageKey ?? referent?.imageKey ?? '';
    const image = this.#images.get(imageKey);
    if (!image) {
      return this.#rejectedImages.has(imageKey)
        ? this.#reject(where, 'image-rejected', 'its image was rejected')
        : this.#reject(where, 'unknown-image', `there is no image "${imageKey}"`);
    }
    if (referent && referent.imageKey !== imageKey) {
      return this.#reject(where, 'other-image', `its referent is on the image "${referent.imageKey}"`);
    }
    const text = clean(expression.text);
    if (text === '') return this.#reject(where, 'expression-empty', 'the expression is empty');
    if (text.length > longestExpression) {
      const message = `the expression has ${text.length} characters; at most ${longestExpression} are taken`;
      return this.#reject(where, 'expression-too-long', message);
    }
    if (text !== expression.text.trim()) {
      this.#repair(where, 'expression-cleaned', 'line breaks or control characters became spaces');
    }
    this.#expressions.set(key, {
      key,
      imageKey,
      referentKey,
      text,
      kind: clean(expression.kind),
      split: expression.split ?? image.split,
      category: referent?.category ?? '',
      attributes: expression.attributes,
    });
  }

  /** The box inside the image; null where the source has none on purpose; undefined after it was rejected. */
  #box(
    { box, mask: given, where }: SourceReferent,
    image: Size,
    mask: RunLengthMask | null,
  ): ImageBox | null | undefined {
    if (box === null) {
      if (mask) {
        this.#repair(where, 'box-from-mask', 'there was no box; the mask gives it');
        return runLengthBox(mask);
      }
      if (given === null) return null;
      this.#reject(where, 'box-missing', 'there is no box, and its mask cannot be used');
      return undefined;
    }
    const { x, y, width, height } = box;
    if (![x, y, width, height].every(Number.isFinite)) {
      this.#reject(where, 'box-invalid', 'the box holds what is not a number');
      return undefined;
    }
    const shown = `[${x}, ${y}, ${width}, ${height}]`;
    if (!(width > 0 && height > 0)) {
      this.#reject(where, 'box-empty', `the box ${shown} has no area`);
      return undefined;
    }
    const inside = clipBox(box, image);
    if (inside === null) {
      this.#reject(
        where,
        'box-outside',
        `the box ${shown} lies outside its image of ${image.width}×${image.height}`,
      );
      return undefined;
    }
    const overhang = Math.max(-x, -y, x + width - image.width, y + height - image.height);
    if (overhang <= roundingPixels) return box;
    this.#repair(
      where,
      'box-clipped',
      `the box ${shown} was clipped to its image of ${image.width}×${image.height}`,
    );
    return inside;
  }

  #repair(where: string, kind: string, message: string): void {
    this.#repaired.push({ kind, where, message });
  }

  #reject(where: string, kind: string, message: string): void {
    this.#rejected.push({ kind, where, message });
  }
}

/** One line of text, without halves of surrogate pairs. */
function clean(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}

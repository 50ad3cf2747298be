/** SAM's two graphs: an image encoder, and a decoder that turns points, a box or an earlier mask into masks. */
import type { PromptPoint } from '../../../common/contract';
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';
import type { DecodedImage } from '../imaging/image';
import { placementOf, type Placement } from '../imaging/tensor';
import type { Role, RoleImageRule, RoleName } from '../models/manifest';
import type { Recall } from '../models/recall';
import type { FloatTensor, Tensors } from '../models/session';
import { frameToPictureAxes, type MaskAxes } from './box-from-map';
import type { RoleNeed } from './definition';
import { sharesInCells } from './mask-shares';
import { floatOutput, floatTensor, imageInput } from './tensors';

/** Runs one graph; whoever asks decides what is measured. */
type RunGraph = (role: RoleName, inputs: Tensors) => Promise<Tensors>;

export type SamRole = 'sam-image' | 'sam-decoder';

/** What SAM needs of its graphs, whoever uses them. */
export const samRoles: Record<SamRole, RoleNeed> = {
  'sam-image': { inputs: ['pixel_values'], outputs: [], resize: ['longest-side', 'squash'] },
  'sam-decoder': {
    inputs: ['point_coords', 'point_labels', 'mask_input', 'has_mask_input'],
    optionalInputs: ['orig_im_size'],
    featuresOf: 'sam-image',
    outputs: ['low_res_masks', 'iou_predictions'],
  },
};

/** What SAM is told; at least one point or a box. Places are in pixels of the picture. */
export interface SamPrompt {
  readonly points: readonly PromptPoint[];
  readonly box?: ImageBox | null;
  /** A mask to improve on. */
  readonly previousMask?: RunLengthMask | null;
}

const notOnObject = 0;
const onObject = 1;
const topLeft = 2;
const bottomRight = 3;
const padding = -1;
/** A pixel that the earlier mask covers wholly has this logit, one that it leaves free the negative of it. */
const certainLogit = 6;

export class Sam {
  readonly #role: (name: RoleName) => Role;

  constructor(role: (name: RoleName) => Role) {
    this.#role = role;
  }

  /** Everything about a picture that does not depend on the prompt. */
  async encode(image: DecodedImage, run: RunGraph, recall: Recall): Promise<Tensors> {
    const { tensors } = await recall({ image, roles: ['sam-image'] }, async () => ({
      tensors: await run('sam-image', imageInput(this.#role('sam-image'), [image])),
      facts: null,
    }));
    return tensors;
  }

  /** Logits of one or more masks over the model frame, and the decoder's own guess of each one's IoU. */
  async decode(
    features: Tensors,
    picture: Size,
    prompt: SamPrompt,
    run: RunGraph,
  ): Promise<{ masks: FloatTensor; qualities: FloatTensor }> {
    const side = this.maskSide();
    const { places, labels } = this.#prompts(picture, prompt);
    const earlier = prompt.previousMask ? this.#logitsOf(prompt.previousMask, picture) : null;
    const inputs: Tensors = {
      ...features,
      point_coords: floatTensor(Float32Array.from(places), [1, labels.length, 2]),
      point_labels: floatTensor(Float32Array.from(labels), [1, labels.length]),
      mask_input: floatTensor(earlier ?? new Float32Array(side * side), [1, 1, side, side]),
      has_mask_input: floatTensor(Float32Array.of(earlier ? 1 : 0), [1]),
      ...(this.#role('sam-decoder').inputs.orig_im_size && {
        orig_im_size: floatTensor(Float32Array.of(picture.height, picture.width), [2]),
      }),
    };
    const outputs = await run('sam-decoder', inputs);
    return {
      masks: floatOutput(outputs, 'low_res_masks'),
      qualities: floatOutput(outputs, 'iou_predictions'),
    };
  }

  /** Operators from the decoder's masks to a picture of this size. */
  maskAxes(picture: Size): MaskAxes {
    const [width, height] = this.#rule().size;
    const side = this.maskSide();
    const { covered } = this.#placement(picture);
    return frameToPictureAxes({ width: side, height: side }, { width, height }, covered, picture);
  }

  /** Side of SAM's low-resolution masks. */
  maskSide(): number {
    return this.#role('sam-decoder').inputs.mask_input?.shape.at(-1) ?? 1;
  }

  /** Places in the model frame with their labels. SAM wants a padding point where there is no box. */
  #prompts(picture: Size, { points, box }: SamPrompt): { places: number[]; labels: number[] } {
    const { scaleX, scaleY } = this.#placement(picture);
    const corners = box ? [box.x, box.y, box.x + box.width, box.y + box.height] : [0, 0];
    return {
      places: [...points.flatMap(({ x, y }) => [x, y]), ...corners].map((value, index) =>
        index % 2 === 0 ? value * scaleX : value * scaleY,
      ),
      labels: [
        ...points.map(({ positive }) => (positive ? onObject : notOnObject)),
        ...(box ? [topLeft, bottomRight] : [padding]),
      ],
    };
  }

  /** A mask of the picture as logits over the model frame. */
  #logitsOf(mask: RunLengthMask, picture: Size): Float32Array {
    const [frameWidth, frameHeight] = this.#rule().size;
    const { covered } = this.#placement(picture);
    const side = this.maskSide();
    const shares = sharesInCells(mask, {
      width: Math.max(1, Math.round((covered.width * side) / frameWidth)),
      height: Math.max(1, Math.round((covered.height * side) / frameHeight)),
    });
    const logits = new Float32Array(side * side).fill(-certainLogit);
    for (let y = 0; y < shares.height; y += 1) {
      for (let x = 0; x < shares.width; x += 1) {
        logits[y * side + x] = certainLogit * (2 * shares.data[y * shares.width + x]! - 1);
      }
    }
    return logits;
  }

  #rule(): RoleImageRule {
    return this.#role('sam-image').image as RoleImageRule;
  }

  #placement(picture: Size): Placement {
    return placementOf(picture, this.#rule());
  }
}

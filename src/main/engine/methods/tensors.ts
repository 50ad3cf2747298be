/** Reading and making the tensors that methods pass around. */
import { WorkbenchError } from '../../../common/errors';
import type { FloatMap } from '../imaging/axis';
import type { DecodedImage } from '../imaging/image';
import { writeImage } from '../imaging/tensor';
import type { Role } from '../models/manifest';
import type { FloatTensor, IntegerTensor, Tensors } from '../models/session';
import { Grid } from '../../../common/geometry/grid';

export function floatTensor(data: Float32Array, dims: readonly number[]): FloatTensor {
  return { type: 'float32', data, dims };
}

/** A row of token ids as a batch of one. */
export function idTensor(data: BigInt64Array): IntegerTensor {
  return { type: 'int64', data, dims: [1, data.length] };
}

/** Pictures as one batch, by the role's image rule, under the name of the role's input. */
export function imageInput(role: Role, images: readonly DecodedImage[]): Tensors {
  const rule = role.image;
  if (!rule) throw new WorkbenchError('internal', `${role.file} sees no pictures.`);
  const [width, height] = rule.size;
  const data = new Float32Array(images.length * 3 * width * height);
  images.forEach((image, index) => writeImage(image, rule, data, index * 3 * width * height));
  return { [rule.input]: floatTensor(data, [images.length, 3, height, width]) };
}

/** A float32 output; a graph that does not give it has another contract than its manifest says. */
export function floatOutput(outputs: Tensors, name: string): FloatTensor {
  const tensor = outputs[name];
  if (tensor?.type !== 'float32') {
    throw new WorkbenchError('model-damaged', `A model gives no float32 output ${name}.`);
  }
  return tensor;
}

/** Matrices of equally many columns as one, below each other. */
export function stackRows(parts: readonly FloatTensor[]): FloatTensor {
  const columns = parts[0]?.dims[1] ?? 0;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let to = 0;
  for (const part of parts) {
    data.set(part.data, to);
    to += part.data.length;
  }
  return floatTensor(data, [columns > 0 ? data.length / columns : 0, columns]);
}

/** The last two axes of a tensor's `index`-th map. */
export function mapOf(tensor: FloatTensor, index = 0): FloatMap {
  const [height = 1, width = 1] = tensor.dims.slice(-2);
  const size = width * height;
  return new Grid(width, height, tensor.data.subarray(index * size, (index + 1) * size));
}

export function bytesOf(tensors: Tensors): number {
  return Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
}

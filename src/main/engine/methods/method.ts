/**
 * The interface that every method has. `prepare` does what depends on the image alone and runs once per image;
 * `ground` answers one expression on a prepared image. Adding a method is one file and its roles in the manifest.
 */
import type { OwnMethodId, Prediction } from '../../../common/contract';
import type { DecodedImage } from '../imaging/image';

/** What a method keeps of an image between expressions; only the method that made it looks inside. */
export interface ImageState {
  /** Bytes it holds, for the cache's bookkeeping. */
  readonly bytes: number;
}

export interface Method {
  readonly id: OwnMethodId;
  /** Part of the key under which image states are cached: changes with the models and the preprocessing. */
  readonly cacheKey: string;
  prepare(image: DecodedImage): Promise<ImageState>;
  /** Never throws for lack of an answer: a Prediction with box null and a reason says so. */
  ground(state: ImageState, expression: string): Promise<Prediction>;
}

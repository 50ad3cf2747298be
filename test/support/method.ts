/** A whole method in few lines, for tests of what is around methods: it answers with the image's middle. */
import type { Method } from '../../src/main/engine/methods/method';
import type { DecodedImage } from '../../src/main/engine/imaging/image';
import { testPrediction } from './workspace';

interface MiddleState {
  bytes: number;
  image: DecodedImage;
}

export interface MiddleMethodOptions {
  /** Time that an answer takes, in milliseconds. */
  delay?: number;
  /** Stands in the answers' score, so that a test can tell who gave them. */
  score?: number;
  /** Expressions that it fails on. */
  failsOn?: (expression: string) => boolean;
}

export function middleMethod({
  delay = 0,
  score = 1,
  failsOn = () => false,
}: MiddleMethodOptions = {}): Method {
  return {
    id: 'yolo-clip',
    cacheKey: 'middle',
    prepare: async (image) => ({ bytes: image.data.byteLength, image }) as MiddleState,
    async ground(state, expression) {
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      if (failsOn(expression)) throw new Error(`cannot read "${expression}"`);
      const { width, height } = (state as MiddleState).image;
      const box = { x: width / 4, y: height / 4, width: width / 2, height: height / 2 };
      return { ...testPrediction('yolo-clip', box), score };
    },
  };
}

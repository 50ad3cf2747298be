/** Every method there is. */
import type { OwnMethodId } from '../../../common/contract';
import { blipSam } from './blip-sam';
import type { MethodDefinition } from './definition';
import { risClip } from './risclip';
import { yoloClip } from './yolo-clip';

export const methodDefinitions: Readonly<Record<OwnMethodId, MethodDefinition>> = {
  'yolo-clip': yoloClip,
  'blip-sam': blipSam,
  risclip: risClip,
};

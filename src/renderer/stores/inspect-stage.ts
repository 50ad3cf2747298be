import { defineStore } from 'pinia';
import { computed } from 'vue';
import { displayUrl, useInspect } from './inspect';
import { useDropped } from './inspect-dropped';

/** The picture on the stage, whether it is a dataset's or was dropped onto the window. */
export interface StagePicture {
  /** Another picture has another key. */
  key: string;
  fileName: string;
  width: number;
  height: number;
  /** Its address for the window. */
  source: string;
  /** What the engine knows it by. */
  reference: { imageId: number } | { heldId: number };
}

export const useStage = defineStore('inspect-stage', () => {
  const inspect = useInspect();
  const dropped = useDropped();

  const picture = computed<StagePicture | null>(() => {
    const { held } = dropped;
    if (held) {
      const { heldId, name, width, height } = held;
      return {
        key: `dropped-${heldId}`,
        fileName: name,
        width,
        height,
        source: dropped.source,
        reference: { heldId },
      };
    }
    const image = inspect.detail?.image;
    if (!image) return null;
    const { id, fileName, width, height } = image;
    return {
      key: `image-${id}`,
      fileName,
      width,
      height,
      source: displayUrl(image),
      reference: { imageId: id },
    };
  });

  return { picture };
});

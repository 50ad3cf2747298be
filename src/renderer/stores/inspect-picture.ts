import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { useStage } from './inspect-stage';

/** Brightness and contrast as shares of the picture's own. */
export const pictureRange = { least: 0.2, most: 3 };

/** How the picture itself is shown: brighter or darker, with more or less contrast. Only the eye sees it; the models do not. */
export const usePicture = defineStore('inspect-picture', () => {
  const stage = useStage();
  /** 1: as it is. */
  const brightness = ref(1);
  const contrast = ref(1);

  const isChanged = computed(() => brightness.value !== 1 || contrast.value !== 1);
  /** A CSS filter. */
  const filter = computed(() =>
    isChanged.value ? `brightness(${brightness.value}) contrast(${contrast.value})` : 'none',
  );

  function reset() {
    brightness.value = 1;
    contrast.value = 1;
  }

  // Each picture is seen as it is at first: a dark one after a brightened one would mislead.
  watch(() => stage.picture?.key, reset);

  return { brightness, contrast, isChanged, filter, reset };
});

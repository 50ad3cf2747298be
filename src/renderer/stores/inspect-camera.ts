import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { ImageBox, ScreenPoint, Size } from '../../common/geometry/types';
import {
  actualSizeCamera,
  boxCamera,
  clampCamera,
  fitCamera,
  panCamera,
  wheelFactor,
  zoomAt,
  zoomAtCentre,
  zoomStep,
  type Camera,
} from '../canvas/kernels/camera';
import { pinchCamera, type Fingers } from '../canvas/kernels/pinch';
import { useStage } from './inspect-stage';

/** One camera for all panes: zoom and pan are linked. Panes are equally large, so one viewport speaks for all. */
export const useCamera = defineStore('inspect-camera', () => {
  const stage = useStage();
  /** null: the image is fitted, and stays so when the window changes its size. */
  const chosen = shallowRef<Camera | null>(null);
  const viewport = shallowRef<Size>({ width: 1, height: 1 });
  /** While the space bar is down, dragging moves the picture whatever is under the pointer. */
  const isHandHeld = ref(false);

  const image = computed<Size>(() => stage.picture ?? { width: 1, height: 1 });
  const fitted = computed(() => fitCamera(image.value, viewport.value));
  const camera = computed(() => chosen.value ?? fitted.value);
  const isFitted = computed(() => chosen.value === null);

  watch(
    () => stage.picture?.key,
    () => (chosen.value = null),
  );

  function fit() {
    chosen.value = null;
  }
  function zoomBy(steps: number) {
    chosen.value = zoomAtCentre(camera.value, zoomStep ** steps, image.value, viewport.value);
  }
  function zoomByWheel(anchor: ScreenPoint, wheel: { deltaY: number; deltaMode: number; ctrlKey: boolean }) {
    const factor = wheelFactor(wheel.deltaY, wheel.deltaMode, wheel.ctrlKey);
    chosen.value = zoomAt(camera.value, anchor, factor, image.value, viewport.value);
  }
  function pinch(from: Fingers, to: Fingers) {
    chosen.value = pinchCamera(camera.value, from, to, image.value, viewport.value);
  }
  function showActualSize() {
    chosen.value = actualSizeCamera(camera.value, image.value, viewport.value);
  }
  function zoomTo(box: ImageBox) {
    chosen.value = boxCamera(box, image.value, viewport.value);
  }
  function pan(dx: number, dy: number) {
    chosen.value = panCamera(camera.value, dx, dy, image.value, viewport.value);
  }
  /** As it was before, in whatever size the window has now; null: fitted. */
  function restore(before: Camera | null) {
    chosen.value = before && clampCamera(before, image.value, viewport.value);
  }
  function resize(size: Size) {
    if (size.width === viewport.value.width && size.height === viewport.value.height) return;
    viewport.value = size;
    if (chosen.value) chosen.value = clampCamera(chosen.value, image.value, size);
  }

  return {
    camera,
    chosen,
    viewport,
    isFitted,
    isHandHeld,
    fit,
    zoomBy,
    zoomByWheel,
    pinch,
    showActualSize,
    zoomTo,
    pan,
    restore,
    resize,
  };
});

import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { ImageBox, ScreenPoint, Size } from '../../common/geometry/types';
import {
  actualSizeCamera,
  boxCamera,
  cameraBetween,
  clampCamera,
  fitCamera,
  isWheelClick,
  panCamera,
  wheelFactor,
  zoomAt,
  zoomAtCentre,
  zoomStep,
  type Camera,
} from '../canvas/kernels/camera';
import { pinchCamera, type Fingers } from '../canvas/kernels/pinch';
import { glide, type Glide } from '../composables/glide';
import { useStage } from './inspect-stage';

/** One camera for all panes: zoom and pan are linked. Panes are equally large, so one viewport speaks for all. */
export const useCamera = defineStore('inspect-camera', () => {
  const stage = useStage();
  /** null: the image is fitted, and stays so when the window changes its size. */
  const chosen = shallowRef<Camera | null>(null);
  /** On the way to the camera that was asked for; null once there. */
  const passing = shallowRef<Camera | null>(null);
  let way: Glide | null = null;
  const viewport = shallowRef<Size>({ width: 1, height: 1 });
  /** Pixels of the screen for one of the page. */
  const density = ref(window.devicePixelRatio);
  /** While the space bar is down, dragging moves the picture whatever is under the pointer. */
  const isHandHeld = ref(false);

  const image = computed<Size>(() => stage.picture ?? { width: 1, height: 1 });
  const fitted = computed(() => fitCamera(image.value, viewport.value));
  /** Where the picture is, or is going. */
  const target = computed(() => chosen.value ?? fitted.value);
  const camera = computed(() => passing.value ?? target.value);
  const isFitted = computed(() => chosen.value === null);
  /** Pixels of the screen for one of the image, in percent. */
  const percent = computed(() => Math.round(camera.value.scale * density.value * 100));

  watch(
    () => stage.picture?.key,
    () => set(null),
  );

  function stop() {
    way?.stop();
    way = passing.value = null;
  }
  function set(wanted: Camera | null) {
    stop();
    chosen.value = wanted;
  }
  /** There in a moment, so that the eye can follow. */
  function glideTo(wanted: Camera | null) {
    const from = camera.value;
    set(wanted);
    way = glide(
      (share) => (passing.value = cameraBetween(from, target.value, share)),
      () => (passing.value = null),
    );
  }

  function fit() {
    glideTo(null);
  }
  function zoomBy(steps: number) {
    glideTo(zoomAtCentre(target.value, zoomStep ** steps, image.value, viewport.value));
  }
  function zoomByWheel(anchor: ScreenPoint, wheel: { deltaY: number; deltaMode: number; ctrlKey: boolean }) {
    const factor = wheelFactor(wheel.deltaY, wheel.deltaMode, wheel.ctrlKey);
    const wanted = zoomAt(target.value, anchor, factor, image.value, viewport.value);
    if (isWheelClick(wheel.deltaY, wheel.deltaMode)) glideTo(wanted);
    else set(wanted);
  }
  function pinch(from: Fingers, to: Fingers) {
    set(pinchCamera(camera.value, from, to, image.value, viewport.value));
  }
  function showActualSize() {
    glideTo(actualSizeCamera(target.value, image.value, viewport.value, density.value));
  }
  function zoomTo(box: ImageBox) {
    glideTo(boxCamera(box, image.value, viewport.value));
  }
  function pan(dx: number, dy: number) {
    set(panCamera(camera.value, dx, dy, image.value, viewport.value));
  }
  /** As it was before, in whatever size the window has now; null: fitted. */
  function restore(before: Camera | null) {
    set(before && clampCamera(before, image.value, viewport.value));
  }
  function resize(size: Size) {
    density.value = window.devicePixelRatio;
    if (size.width === viewport.value.width && size.height === viewport.value.height) return;
    viewport.value = size;
    set(chosen.value && clampCamera(chosen.value, image.value, size));
  }

  return {
    camera,
    chosen,
    viewport,
    isFitted,
    percent,
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

import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { MaskColumns } from '../../common/geometry/mask-columns';
import type { ImagePoint, RunLengthMask, Size } from '../../common/geometry/types';
import {
  isExtentOf,
  nothingTouched,
  paintTouched,
  polygonMask,
  touchSegment,
  type Paint,
} from '../canvas/kernels/paint-mask';
import { recall, remember } from '../composables/memory';
import { useEditor } from './corrections-editor';
import { useMaskTool } from './corrections-tool';
import { useInspect } from './inspect';

/** Diameter of the brush in image pixels; on large pictures up to a share of their longer side. */
const brushSizes = { smallest: 1, largest: 200, ofLongerSide: 0.1 };
const largestRemembered = 10_000;

interface Stroke {
  readonly image: Size;
  /** Image pixels; that of the brush when the stroke began. */
  readonly radius: number;
  readonly paint: Paint;
  readonly last: ImagePoint;
  /** Its points in image pixels, as SVG wants them. */
  readonly line: string;
  readonly touched: MaskColumns;
}

function isBrushSize(value: unknown): value is number {
  return typeof value === 'number' && value >= brushSizes.smallest && value <= largestRemembered;
}

/** Brush, eraser and polygon on the ground truth's mask: each stroke and each closed polygon is one step. */
export const usePaint = defineStore('corrections-paint', () => {
  const inspect = useInspect();
  const editor = useEditor();
  const maskTool = useMaskTool();

  const remembered = recall('brush-size');
  const wantedSize = ref(isBrushSize(remembered) ? remembered : 16);
  const largestBrush = computed(() => {
    const { width = 0, height = 0 } = inspect.detail?.image ?? {};
    return Math.max(brushSizes.largest, Math.round(Math.max(width, height) * brushSizes.ofLongerSide));
  });
  const brushSize = computed({
    get: () => Math.min(wantedSize.value, largestBrush.value),
    set: (size) => (wantedSize.value = Math.min(largestBrush.value, Math.max(brushSizes.smallest, size))),
  });
  /** The stroke under the pointer; what it touches grows with every move, so that nothing is left to do at its end. */
  const stroke = shallowRef<Stroke | null>(null);
  /** Corners of the polygon that is not closed yet. */
  const corners = shallowRef<readonly ImagePoint[]>([]);
  /** A corner under the pointer, and the corners as they were before it was taken. */
  const held = shallowRef<{ index: number; before: readonly ImagePoint[] } | null>(null);
  /** Whether a polygon takes its inside away. */
  const polygonPaint = ref<Paint>('add');

  const isActive = computed(() => maskTool.tool !== null && maskTool.tool !== 'clicks');
  const hasBrush = computed(() => maskTool.tool === 'brush' || maskTool.tool === 'eraser');
  const mask = computed(() => editor.truth?.mask ?? null);
  const hasDraft = computed(() => stroke.value !== null || corners.value.length > 0);

  watch(wantedSize, () => remember('brush-size', wantedSize.value));

  /** A step is small for small brushes. */
  function resizeBrush(direction: 1 | -1) {
    const step = Math.max(1, Math.round(brushSize.value * 0.15));
    brushSize.value += direction * step;
  }

  function beginStroke(point: ImagePoint, isReversed: boolean) {
    const image = inspect.detail?.image;
    if (!hasBrush.value || !editor.canEdit || !image) return;
    const adds = (maskTool.tool === 'brush') !== isReversed;
    const radius = brushSize.value / 2;
    const touched = nothingTouched(image);
    touchSegment(touched, image, point, point, radius);
    // One point is drawn as a dot: a line of no length with round ends.
    const line = `${point.x},${point.y} ${point.x},${point.y}`;
    stroke.value = { image, radius, paint: adds ? 'add' : 'take-away', last: point, line, touched };
  }

  /** `points`: where the pointer went since, in order. */
  function continueStroke(points: readonly ImagePoint[]) {
    const made = stroke.value;
    if (!made) return;
    let { last, line } = made;
    for (const point of points) {
      touchSegment(made.touched, made.image, last, point, made.radius);
      line += ` ${point.x},${point.y}`;
      last = point;
    }
    stroke.value = { ...made, last, line };
  }

  function endStroke() {
    const made = stroke.value;
    stroke.value = null;
    if (!made) return;
    const next = paintTouched(mask.value, made.image, made.touched, made.paint);
    save(next, made.paint === 'add' ? 'Brush mask' : 'Erase mask');
  }

  function addCorner(point: ImagePoint) {
    if (maskTool.tool === 'polygon' && editor.canEdit) corners.value = [...corners.value, point];
  }

  function dropCorner() {
    corners.value = corners.value.slice(0, -1);
  }

  /** Takes a corner that is there, to be moved. */
  function holdCorner(index: number) {
    held.value = { index, before: corners.value };
  }

  /** Puts a corner into an edge and takes it. */
  function insertCorner(index: number, point: ImagePoint) {
    const before = corners.value;
    corners.value = corners.value.toSpliced(index, 0, point);
    held.value = { index, before };
  }

  function moveCorner(point: ImagePoint) {
    if (held.value) corners.value = corners.value.with(held.value.index, point);
  }

  function letGo() {
    held.value = null;
  }

  function removeCorner(index: number) {
    corners.value = corners.value.toSpliced(index, 1);
  }

  function closePolygon() {
    const [made, image] = [corners.value, inspect.detail?.image];
    if (made.length < 3 || !image) return;
    held.value = null;
    corners.value = [];
    const label = polygonPaint.value === 'add' ? 'Add polygon to mask' : 'Cut polygon out of mask';
    save(polygonMask(mask.value, image, made, polygonPaint.value), label);
  }

  /** The box goes with the mask where it was the mask's extent; a box of its own stays. */
  function save(next: RunLengthMask | null, label: string) {
    if (next?.counts === mask.value?.counts) return;
    const follows = editor.box === null || isExtentOf(mask.value, editor.box);
    const source = mask.value === null ? 'drawn' : 'edited';
    editor.saveMask(next, { source, label, box: follows ? 'of-mask' : 'kept' });
  }

  function clearMask() {
    if (mask.value) editor.saveMask(null, { source: 'edited', label: 'Clear mask', box: 'kept' });
  }

  function boxFromMask() {
    if (mask.value) editor.saveMask(mask.value, { source: 'edited', label: 'Box from mask', box: 'of-mask' });
  }

  function drop() {
    stroke.value = null;
    held.value = null;
    corners.value = [];
  }

  /** Takes back the gesture under the pointer: a corner goes where it was; without one, all that was not saved. */
  function cancel() {
    if (!held.value) {
      drop();
      return;
    }
    corners.value = held.value.before;
    held.value = null;
  }
  watch([() => inspect.expressionId, () => maskTool.tool], drop, { flush: 'sync' });

  return {
    brushSize,
    stroke,
    corners,
    polygonPaint,
    isActive,
    hasBrush,
    hasDraft,
    mask,
    resizeBrush,
    beginStroke,
    continueStroke,
    endStroke,
    largestBrush,
    held,
    addCorner,
    holdCorner,
    insertCorner,
    moveCorner,
    letGo,
    removeCorner,
    cancel,
    dropCorner,
    closePolygon,
    clearMask,
    boxFromMask,
    drop,
  };
});

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

/** Diameter of the brush in image pixels. */
export const brushSizes = { smallest: 1, largest: 200 };

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
  return typeof value === 'number' && value >= brushSizes.smallest && value <= brushSizes.largest;
}

/** Brush, eraser and polygon on the ground truth's mask: each stroke and each closed polygon is one step. */
export const usePaint = defineStore('corrections-paint', () => {
  const inspect = useInspect();
  const editor = useEditor();
  const maskTool = useMaskTool();

  const remembered = recall('brush-size');
  const brushSize = ref(isBrushSize(remembered) ? remembered : 16);
  /** The stroke under the pointer; what it touches grows with every move, so that nothing is left to do at its end. */
  const stroke = shallowRef<Stroke | null>(null);
  /** Corners of the polygon that is not closed yet. */
  const corners = shallowRef<readonly ImagePoint[]>([]);
  /** Whether a polygon takes its inside away. */
  const polygonPaint = ref<Paint>('add');

  const isActive = computed(() => maskTool.tool !== null && maskTool.tool !== 'clicks');
  const hasBrush = computed(() => maskTool.tool === 'brush' || maskTool.tool === 'eraser');
  const mask = computed(() => editor.truth?.mask ?? null);
  const hasDraft = computed(() => stroke.value !== null || corners.value.length > 0);

  watch(brushSize, () => remember('brush-size', brushSize.value));

  /** A step is small for small brushes. */
  function resizeBrush(direction: 1 | -1) {
    const step = Math.max(1, Math.round(brushSize.value * 0.15));
    const size = brushSize.value + direction * step;
    brushSize.value = Math.min(brushSizes.largest, Math.max(brushSizes.smallest, size));
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

  function closePolygon() {
    const [made, image] = [corners.value, inspect.detail?.image];
    if (made.length < 3 || !image) return;
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
    corners.value = [];
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
    addCorner,
    dropCorner,
    closePolygon,
    clearMask,
    boxFromMask,
    drop,
  };
});

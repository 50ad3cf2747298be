import { defineStore } from 'pinia';
import { reactive, ref, watch } from 'vue';
import { methodIds, type MethodId } from '../../common/contract';
import { recall, remember } from '../composables/memory';

/** Everything that can lie over the image. The answers and the ground truth carry their subject's name. */
export const layerNames = {
  'ground-truth': 'Ground truth',
  'yolo-clip': 'YOLO+CLIP answer',
  'blip-sam': 'BLIP+SAM answer',
  risclip: 'RisCLIP answer',
  imported: 'Imported answer',
  masks: 'Masks',
  'original-box': 'Original box',
  'other-objects': 'Other objects',
  proposals: 'Proposals',
  'heat-map': 'Heat map',
  'prompt-points': 'Prompt points',
  candidates: 'Candidate masks',
  'locator-map': 'Locator map',
  'refined-map': 'Refined map',
  disagreement: 'Disagreement',
} as const;
export type LayerName = keyof typeof layerNames;

/** Values over the whole picture, in the colours of a colour map. */
export const mapLayers = [
  'heat-map',
  'locator-map',
  'refined-map',
  'disagreement',
] as const satisfies LayerName[];

export interface LayerState {
  visible: boolean;
  /** 0..1 */
  opacity: number;
}

export const stageLayouts = ['overlay', 'side-by-side', 'swipe'] as const;
export type StageLayout = (typeof stageLayouts)[number];

function defaults(): Record<LayerName, LayerState> {
  const hidden: readonly LayerName[] = [
    'original-box',
    'other-objects',
    'proposals',
    'heat-map',
    'prompt-points',
    'candidates',
    'locator-map',
    'refined-map',
    'disagreement',
  ];
  const faint: Partial<Record<LayerName, number>> = {
    masks: 0.2,
    ...Object.fromEntries(mapLayers.map((name) => [name, 0.75])),
    'other-objects': 0.7,
  };
  return Object.fromEntries(
    Object.keys(layerNames).map((name) => [
      name,
      { visible: !hidden.includes(name as LayerName), opacity: faint[name as LayerName] ?? 1 },
    ]),
  ) as Record<LayerName, LayerState>;
}

function isLayerState(value: unknown): value is LayerState {
  if (typeof value !== 'object' || value === null) return false;
  const { visible, opacity } = value as Partial<LayerState>;
  return typeof visible === 'boolean' && typeof opacity === 'number' && opacity >= 0 && opacity <= 1;
}

function isMethod(name: LayerName): name is MethodId {
  return (methodIds as readonly string[]).includes(name);
}

/** What of the evidence is shown over the image, remembered between starts. */
export const useLayers = defineStore('inspect-layers', () => {
  const layers = reactive(defaults());
  const layout = ref<StageLayout>('overlay');
  /** Everything off for a look at the bare image; the toggles keep their state. Not remembered. */
  const allHidden = ref(false);
  /** The only method whose answer is shown, while one flickers through them. Not remembered. */
  const solo = ref<MethodId | null>(null);

  const remembered = recall('inspect-layers');
  if (typeof remembered === 'object' && remembered !== null) {
    for (const name of Object.keys(layers) as LayerName[]) {
      const state: unknown = (remembered as Record<string, unknown>)[name];
      if (isLayerState(state)) layers[name] = { visible: state.visible, opacity: state.opacity };
    }
  }
  const layoutBefore = stageLayouts.find((each) => each === recall('inspect-layout'));
  if (layoutBefore) layout.value = layoutBefore;
  watch(layers, () => remember('inspect-layers', layers));
  watch(layout, () => remember('inspect-layout', layout.value));

  function toggle(name: LayerName) {
    solo.value = null;
    // A layer asked for while all are hidden is meant to be seen.
    if (allHidden.value) {
      allHidden.value = false;
      layers[name].visible = true;
      return;
    }
    layers[name].visible = !layers[name].visible;
  }

  /** Whether a layer is to be drawn, and how strongly: 0 where it is not. */
  function opacityOf(name: LayerName): number {
    if (allHidden.value) return 0;
    // Alone it is shown whether its layer is on or not, and the others are not.
    if (solo.value !== null && isMethod(name)) return name === solo.value ? layers[name].opacity : 0;
    return layers[name].visible ? layers[name].opacity : 0;
  }

  /** From all answers to the first alone, to the next, and after the last to all again. */
  function flicker(methods: readonly MethodId[]) {
    const index = solo.value === null ? -1 : methods.indexOf(solo.value);
    allHidden.value = false;
    solo.value = methods[index + 1] ?? null;
  }

  /** Into a layout, and out of it again. */
  function toggleLayout(wanted: Exclude<StageLayout, 'overlay'>) {
    layout.value = layout.value === wanted ? 'overlay' : wanted;
  }

  return { layers, layout, allHidden, solo, toggle, opacityOf, flicker, toggleLayout };
});

import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { claimMap, disagreementOf, type ClaimMap } from '../canvas/kernels/disagreement';
import { colourMapNames, colourMaps, type ColourMapName } from '../../common/maps/colour-maps';
import { colourGrid, colourCells, type Raster } from '../../common/maps/grid-map';
import { recall, remember } from '../composables/memory';
import { useAnswers } from './inspect-answers';
import { useLayers } from './inspect-layers';
import { useStage } from './inspect-stage';

/** Cells below this share of a map's range are clear. */
export const thresholdRange = { least: 0, most: 0.95 };

/** The maps over the picture: how they are coloured, and from which value on they are shown. */
export const useMaps = defineStore('inspect-maps', () => {
  const answers = useAnswers();
  const layers = useLayers();
  const stage = useStage();

  const remembered = recall('inspect-colour-map');
  const colourMap = ref<ColourMapName>(
    typeof remembered === 'string' && remembered in colourMapNames
      ? (remembered as ColourMapName)
      : 'inferno',
  );
  watch(colourMap, (name) => remember('inspect-colour-map', name));
  /** A share of `thresholdRange`; 0: nothing is hidden. */
  const threshold = ref(0);

  const colouring = computed(() => ({
    colours: colourMaps[colourMap.value],
    threshold: threshold.value,
  }));
  /** A heat map is coloured over its own range from 0; probabilities over 0..1, so that low looks low. */
  const heat = computed<Raster | null>(() => {
    const map = answers.evidence('blip-sam')?.heatMap;
    return map ? colourGrid(map, { low: 0, high: map.maximum }, colouring.value) : null;
  });
  const probabilities = { low: 0, high: 1 };
  const locator = computed(() => {
    const evidence = answers.evidence('risclip');
    return evidence && colourGrid(evidence.locatorMap, probabilities, colouring.value);
  });
  const refined = computed(() => {
    const evidence = answers.evidence('risclip');
    return evidence && colourGrid(evidence.refinedMap, probabilities, colouring.value);
  });

  /** Which methods claim which part of the picture; null with fewer than two answers. Counted only where it is shown. */
  const claims = computed<ClaimMap | null>(() => {
    const picture = stage.picture;
    const answered = answers.answers.flatMap(({ prediction }) => (prediction ? [prediction] : []));
    if (!picture || answered.length < 2 || layers.opacityOf('disagreement') === 0) return null;
    return claimMap(answered, picture);
  });
  const disagreement = computed<Raster | null>(() => {
    const map = claims.value;
    if (!map) return null;
    const share = (count: number) => disagreementOf(count, map.methods);
    return colourCells(map, (cell) => share(map.counts[cell] ?? 0), colouring.value);
  });

  return { colourMap, threshold, heat, locator, refined, claims, disagreement };
});

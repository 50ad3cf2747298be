/** How the maps over the picture look, by key: their colours, their opacity, and from which value on they are shown. */
import { colourMapNames, type ColourMapName } from '../../../common/maps/colour-maps';
import { mapLayers, useLayers } from '../../stores/inspect-layers';
import { thresholdRange, useMaps } from '../../stores/inspect-maps';
import { defineAction } from '../action';

const colourMaps = Object.keys(colourMapNames) as ColourMapName[];

function shownMaps() {
  const layers = useLayers();
  return mapLayers.filter((name) => layers.opacityOf(name) > 0);
}

/** Within the range, on its steps. */
function stepped(value: number, by: number, { least, most }: { least: number; most: number }): number {
  return Math.min(most, Math.max(least, Number((value + by).toFixed(2))));
}

function whileShown(id: string, label: string, key: string, run: () => void) {
  return defineAction({
    id: `inspect.maps-${id}`,
    label,
    keys: [key],
    group: 'Inspect',
    repeats: true,
    on: ['inspect'],
    when: () => shownMaps().length > 0,
    run,
  });
}

function fade(by: number) {
  const { layers } = useLayers();
  for (const name of shownMaps())
    layers[name].opacity = stepped(layers[name].opacity, by, { least: 0.05, most: 1 });
}

function hide(by: number) {
  const maps = useMaps();
  maps.threshold = stepped(maps.threshold, by, thresholdRange);
}

export default [
  whileShown('colours', 'Show maps in the next colours', 'Alt+c', () => {
    const maps = useMaps();
    maps.colourMap = colourMaps[(colourMaps.indexOf(maps.colourMap) + 1) % colourMaps.length]!;
  }),
  whileShown('fainter', 'Show maps fainter', 'Alt+f', () => fade(-0.1)),
  whileShown('stronger', 'Show maps stronger', 'Alt+Shift+f', () => fade(0.1)),
  whileShown('hide-more', 'Hide more of the low values of maps', 'Alt+h', () => hide(0.05)),
  whileShown('hide-less', 'Hide less of the low values of maps', 'Alt+Shift+h', () => hide(-0.05)),
];

/** One key for each layer. The answers have the letter that marks them on the picture, with Shift; that of imported ones, I, has Alt as well. */
import { layerNames, useLayers, type LayerName } from '../../stores/inspect-layers';
import { defineAction } from '../action';

const keys: Record<LayerName, string> = {
  'ground-truth': 'Shift+g',
  'yolo-clip': 'Shift+y',
  'blip-sam': 'Shift+b',
  risclip: 'Shift+r',
  imported: 'Alt+Shift+i',
  masks: 'w',
  'original-box': 'Shift+o',
  'other-objects': 'o',
  proposals: 'p',
  'heat-map': 'h',
  'prompt-points': 't',
  candidates: 'c',
  'locator-map': 'l',
  'refined-map': 'Shift+l',
  disagreement: 'Shift+d',
};

export default Object.entries(layerNames).map(([name, title]) =>
  defineAction({
    id: `inspect.layer-${name}`,
    label: `Show or hide: ${title}`,
    keys: [keys[name as LayerName]],
    group: 'Inspect',
    on: ['inspect'],
    run: () => useLayers().toggle(name as LayerName),
  }),
);

/** How the list looks: as its toolbar has it, by key. */
import { tileSizes } from '../../../common/contract';
import { lookOf, subjects } from '../../composables/useMethodColours';
import { useBrowse } from '../../stores/browse';
import { useBrowseLayout } from '../../stores/browse-layout';
import { defineAction, type Action } from '../action';
import { subjectKeys } from '../subject-keys';

const isGrid = () => useBrowseLayout().layout === 'grid';

function layoutAction(action: Pick<Action, 'id' | 'label' | 'keys' | 'when' | 'run'>) {
  return defineAction({ ...action, group: 'Browse', on: ['browse'] });
}

function resize(by: number) {
  const layout = useBrowseLayout();
  layout.tileSize = tileSizes[tileSizes.indexOf(layout.tileSize) + by] ?? layout.tileSize;
}

export default [
  layoutAction({
    id: 'browse.next-layout',
    label: 'Show the list as a table, or as a grid of pictures',
    keys: ['t'],
    run() {
      useBrowseLayout().layout = isGrid() ? 'table' : 'grid';
    },
  }),
  layoutAction({
    id: 'browse.group-by-image',
    label: 'Keep the expressions of an image together, or not',
    keys: ['i'],
    run() {
      const layout = useBrowseLayout();
      layout.groupByImage = !layout.groupByImage;
    },
  }),
  layoutAction({
    id: 'browse.larger-tiles',
    label: 'Larger tiles',
    keys: [']'],
    when: isGrid,
    run: () => resize(1),
  }),
  layoutAction({
    id: 'browse.smaller-tiles',
    label: 'Smaller tiles',
    keys: ['['],
    when: isGrid,
    run: () => resize(-1),
  }),
  layoutAction({
    id: 'browse.colour-by',
    label: 'Colour the boxes by result, or by method',
    keys: ['c'],
    when: isGrid,
    run() {
      const layout = useBrowseLayout();
      layout.colourBy = layout.colourBy === 'result' ? 'method' : 'result';
    },
  }),
  ...subjects.map((subject) =>
    layoutAction({
      id: `browse.boxes-${subject}`,
      label: `Show or hide the boxes of ${lookOf(subject).name}`,
      keys: [subjectKeys[subject]],
      when: isGrid,
      run: () => useBrowseLayout().toggle(subject),
    }),
  ),
  layoutAction({
    id: 'browse.keep-list',
    label: 'Keep the list that is shown, instead of one that takes a while',
    keys: ['Alt+Backspace'],
    when: () => useBrowse().isSlow,
    run: () => useBrowse().takeBack(),
  }),
];

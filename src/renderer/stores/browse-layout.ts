import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import {
  tableColumns,
  tileSizes,
  type ColourBy,
  type TableColumn,
  type TileSize,
} from '../../common/contract';
import { recall, remember } from '../composables/memory';
import { subjects, type Subject } from '../composables/useMethodColours';

export const layouts = ['grid', 'table'] as const;
export type Layout = (typeof layouts)[number];
/** As many as fit beside the filter in a window of 1280 pixels. */
const defaultColumns: readonly TableColumn[] = tableColumns.filter(
  (column) => !['length', 'split', 'label'].includes(column),
);

/** How the list looks; remembered by the window. */
export const useBrowseLayout = defineStore('browse-layout', () => {
  const rememberedSize = tileSizes.find((size) => size === recall('tile-size'));
  const tileSize = ref<TileSize>(rememberedSize ?? 'medium');

  const layout = ref<Layout>(recall('browse-layout') === 'table' ? 'table' : 'grid');
  const groupByImage = ref(recall('browse-group-by-image') === true);

  const rememberedColumns = recall('browse-columns');
  /** Of the table, always in the order of `tableColumns`; never without the text. */
  const columns = ref<readonly TableColumn[]>(
    Array.isArray(rememberedColumns)
      ? tableColumns.filter((column) => column === 'text' || rememberedColumns.includes(column))
      : defaultColumns,
  );

  function toggleColumn(column: TableColumn) {
    columns.value = tableColumns.filter((each) => columns.value.includes(each) !== (each === column));
  }

  const rememberedHidden = recall('tile-overlays-hidden');
  const hidden = ref<Subject[]>(
    subjects.filter((subject) => Array.isArray(rememberedHidden) && rememberedHidden.includes(subject)),
  );

  function isShown(subject: Subject): boolean {
    return !hidden.value.includes(subject);
  }

  function toggle(subject: Subject) {
    hidden.value = isShown(subject)
      ? [...hidden.value, subject]
      : hidden.value.filter((each) => each !== subject);
  }

  /** What the boxes on the pictures are coloured by; methods differ by their dashes either way. */
  const colourBy = ref<ColourBy>(recall('tile-colour-by') === 'method' ? 'method' : 'result');

  /** Pixels that the grid is scrolled down; kept while another screen is shown. */
  let scrollOffset = 0;

  watch(tileSize, (size) => remember('tile-size', size));
  watch(layout, (value) => remember('browse-layout', value));
  watch(groupByImage, (value) => remember('browse-group-by-image', value));
  watch(columns, (value) => remember('browse-columns', value));
  watch(colourBy, (value) => remember('tile-colour-by', value));
  watch(hidden, (subjectsHidden) => remember('tile-overlays-hidden', subjectsHidden));

  return {
    tileSize,
    layout,
    groupByImage,
    columns,
    toggleColumn,
    hidden,
    isShown,
    toggle,
    colourBy,
    scrollOffset: () => scrollOffset,
    keepScrollOffset: (offset: number) => (scrollOffset = offset),
  };
});

/**
 * Leads back to where the person was, and tells the main process where they are. Nothing is told before what was kept
 * has been put back: a window that has just begun is nowhere.
 */
import { nextTick, onScopeDispose, watch, type WatchSource } from 'vue';
import {
  mostKeptSelected,
  type BrowsePlace,
  type InspectPlace,
  type InputOf,
  type Contract,
  type Place,
} from '../../common/contract';
import { api } from '../api/client';
import { currentScreen, router } from '../router';
import { useBrowse } from '../stores/browse';
import { useBrowseViews } from '../stores/browse-views';
import { useCorrections } from '../stores/corrections';
import { useClicks } from '../stores/corrections-clicks';
import { useEditor } from '../stores/corrections-editor';
import { usePaint } from '../stores/corrections-paint';
import { useMaskTool } from '../stores/corrections-tool';
import { useDatasets } from '../stores/datasets';
import { useDrafts } from '../stores/drafts';
import { useInspect } from '../stores/inspect';
import { useCamera } from '../stores/inspect-camera';
import { usePanels } from '../stores/inspect-panels';
import { useRuns } from '../stores/runs';
import { until } from './until';

type Change = InputOf<Contract['app']['keepPlace']>;

/** A drag of the picture makes many steps; they are told at most this often, in milliseconds. */
const tellingPause = 150;

export function usePlace(before: Place) {
  const tell = teller();
  watch(
    () => router.currentRoute.value.fullPath,
    (route) => tell({ route }),
  );

  const drafts = useDrafts();
  drafts.restore(before.drafts);
  watch(
    () => drafts.list,
    (list) => tell({ drafts: list }),
  );

  const corrections = useCorrections();
  corrections.restore(before.unsaved);
  // A person's work does not wait.
  watch(
    () => corrections.unsaved,
    (unsaved) => tell({ unsaved }, 0),
  );

  const browsePlace = useBrowsePlace();
  void browsePlace.restore(before).then(() => {
    keep(browsePlace.read, (browse) => tell({ browse }));
    keep(browsePlace.readSelected, (selected) => tell({ selected }));
    keep(browsePlace.readExamples, (examples) => tell({ examples }));
  });

  const inspectPlace = useInspectPlace();
  void inspectPlace
    .restore(before.inspect)
    .then(() => keep(inspectPlace.read, (inspect) => tell({ inspect })));
}

/** Tells from now on, beginning with what is so now. */
function keep<Value>(source: WatchSource<Value>, told: (value: Value) => void) {
  watch(source, told, { immediate: true, flush: 'post' });
}

/** Gathers what changes within a moment into one call. */
function teller() {
  let pending: Change = {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  function send() {
    clearTimeout(timer);
    timer = undefined;
    const told = pending;
    pending = {};
    // Not to be told costs the place after a crash, nothing else.
    if (Object.keys(told).length > 0) void api.app.keepPlace(told).catch(() => undefined);
  }
  window.addEventListener('pagehide', send);
  onScopeDispose(() => window.removeEventListener('pagehide', send));

  return (change: Change, pause = tellingPause) => {
    pending = { ...pending, ...change };
    if (pause === 0) send();
    else timer ??= setTimeout(send, pause);
  };
}

function useBrowsePlace() {
  const datasets = useDatasets();
  const runs = useRuns();
  const browse = useBrowse();
  const views = useBrowseViews();

  function read(): BrowsePlace | null {
    if (datasets.currentId === null) return null;
    const { examples: _, ...view } = views.state;
    return {
      datasetId: datasets.currentId,
      view,
      markedId: browse.currentId,
      runs: { ...runs.chosen },
    };
  }

  function readSelected(): number[] {
    return browse.selected.size <= mostKeptSelected ? [...browse.selected] : [];
  }

  function readExamples(): Place['examples'] {
    return views.state.examples;
  }

  async function restore({ browse: kept, selected, examples }: Place) {
    await until(() => datasets.currentId !== null);
    // The stores first take in that there is a dataset.
    await nextTick();
    if (!kept || kept.datasetId !== datasets.currentId) return;
    runs.restore(kept.runs);
    views.showState({ ...kept.view, examples });
    browse.restore(selected, kept.markedId);
    await nextTick();
    await until(() => browse.loaded && !browse.loading);
  }

  return { read, readSelected, readExamples, restore };
}

function useInspectPlace() {
  const inspect = useInspect();
  const camera = useCamera();
  const panels = usePanels();
  const editor = useEditor();
  const maskTool = useMaskTool();
  const clicks = useClicks();
  const paint = usePaint();

  const isShown = () => currentScreen() === 'inspect' && inspect.isReady;

  function read(): InspectPlace | null {
    if (!isShown() || inspect.expressionId === null) return null;
    return {
      expressionId: inspect.expressionId,
      camera: camera.chosen,
      panel: panels.open,
      isEditingBox: editor.isEditing,
      tool: maskTool.tool,
      clicks: clicks.steps.map(({ points, box }) => ({ points: [...points], box })),
      corners: [...paint.corners],
    };
  }

  async function restore(kept: InspectPlace | null) {
    await until(isShown);
    if (kept?.expressionId !== inspect.expressionId) return;
    await until(() => camera.viewport.width > 1);
    // A new picture is fitted first.
    await nextTick();
    camera.restore(kept.camera);
    panels.open = kept.panel;
    if (kept.isEditingBox) editor.startEditing();
    if (kept.tool === null) return;
    maskTool.take(kept.tool);
    clicks.restore(kept.clicks);
    paint.corners = kept.corners;
  }

  return { read, restore };
}

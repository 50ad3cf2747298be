/** The saved views of an engine that keeps them in memory. */
import type { SavedView, ViewState } from '../../../src/common/contract';

export class KeptViews {
  list: SavedView[] = [];

  /** Calls of the contract's `browse` that are about them. */
  readonly calls = {
    views: () => this.list,
    saveView: ({ viewId, name, state }: { viewId: number | null; name: string; state: ViewState }) => {
      const view = { id: viewId ?? this.list.length + 1, name, state, isDefault: false };
      this.list = [...this.list.filter(({ id }) => id !== view.id), view];
      return view;
    },
    deleteView: ({ viewId }: { viewId: number }) => {
      this.list = this.list.filter(({ id }) => id !== viewId);
      return null;
    },
    setDefaultView: ({ viewId }: { viewId: number | null }) => {
      this.list = this.list.map((view) => ({ ...view, isDefault: view.id === viewId }));
      return null;
    },
  };
}

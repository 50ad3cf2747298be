/** What Browse does before it is asked, in pieces and while nobody asks for anything. */
import type { Workspace } from '../workspace/open';
import { WhenIdle } from './when-idle';

/** Milliseconds without a change after which what changed is kept on the disk; what is not by then, closing keeps. */
const keepingPause = 15_000;

export class BrowseAhead {
  readonly #workspace: Workspace;
  readonly #orders: WhenIdle;
  readonly #reading: WhenIdle;
  readonly #keeping: WhenIdle;

  /** `isBusy`: whether something more important is under way. */
  constructor(workspace: Workspace, isBusy: () => boolean) {
    this.#workspace = workspace;
    const { database } = workspace;
    this.#orders = new WhenIdle(() => database.open);
    this.#reading = new WhenIdle(() => database.open && !isBusy());
    this.#keeping = new WhenIdle(() => database.open && !isBusy(), keepingPause);
  }

  /** The workspace was opened, or something in it has changed. */
  start(): void {
    const { browse } = this.#workspace.repositories;
    this.#reading.start(() => browse.readAhead());
    this.#keeping.start(() => browse.keepRead());
  }

  /** Counts were shown: orders are likely to be asked next. */
  shown(datasetId: number, runIds: readonly number[]): void {
    const { browse } = this.#workspace.repositories;
    this.#orders.start(() => browse.makeOrders(datasetId, runIds));
  }
}

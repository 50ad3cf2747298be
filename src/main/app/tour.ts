/** Whether the tour is still to be offered to this person. An empty file says that it was taken or skipped. */
import { existsSync, writeFileSync } from 'node:fs';

/** Starts the window without the tour, whoever opens it: for tests, pictures of the screens and shared machines. */
const withoutTour = '--no-tour';

export class TourKeeper {
  private over: boolean;

  constructor(
    private readonly file: string,
    argv: readonly string[],
  ) {
    this.over = argv.includes(withoutTour) || existsSync(file);
  }

  get isDue(): boolean {
    return !this.over;
  }

  /** Never throws: a disk that cannot be written to means that the tour is offered once more, nothing worse. */
  end(): void {
    this.over = true;
    try {
      writeFileSync(this.file, '');
    } catch (error) {
      console.error('That the tour is over cannot be kept:', error);
    }
  }
}

/**
 * Keeps where a person is in the window, in memory for a crash of the page and in two small files for a restart. Lists
 * of expressions have a file of their own: they may be long, and are not written again with every step.
 */
import { z } from 'zod';
import { id, mostKeptSelected, nowhere, place, shortText, type Place } from '../../common/contract';
import { idsOfRuns, runsOfIds } from './id-runs';
import { KeptFile } from './kept-file';

/** The ids in it mean something in one workspace only. */
const stored = z.strictObject({
  workspace: z.string(),
  place: place.omit({ selected: true, examples: true }),
});
const runs = z.array(id).max(2 * mostKeptSelected);
/** Of one dataset: the file may be older than the other. */
const storedLists = z.strictObject({
  workspace: z.string(),
  datasetId: id.nullable(),
  selected: runs,
  examples: z.strictObject({ label: shortText, runs }).nullable(),
});

const lists: ReadonlySet<string> = new Set<keyof Place>(['selected', 'examples']);

/** Milliseconds of quiet before a file is written. */
const placePause = 400;
const listsPause = 2_000;

export class PlaceKeeper {
  private place: Place;
  private readonly placeFile: KeptFile;
  private readonly listsFile: KeptFile;

  /** `file` ends in `.json`; the lists lie beside it. */
  constructor(
    file: string,
    private readonly workspace: string,
  ) {
    this.placeFile = new KeptFile(file, placePause, () => {
      const { selected: _, examples: __, ...steps } = this.place;
      return { workspace, place: steps };
    });
    this.listsFile = new KeptFile(file.replace(/\.json$/, '-lists.json'), listsPause, () => {
      const { browse, selected, examples } = this.place;
      return {
        workspace,
        datasetId: browse?.datasetId ?? null,
        selected: runsOfIds(selected),
        examples: examples && { label: examples.label, runs: runsOfIds(examples.expressionIds) },
      };
    });
    this.place = this.read();
  }

  get present(): Place {
    return this.place;
  }

  change(change: { [Part in keyof Place]?: Place[Part] | undefined }): void {
    const told = Object.entries(change).filter(([, part]) => part !== undefined);
    this.place = { ...this.place, ...(Object.fromEntries(told) as Partial<Place>) };
    for (const [part] of told) (lists.has(part) ? this.listsFile : this.placeFile).changed();
  }

  /** Everything but a person's work: where it leads back to may be what the page cannot bear. */
  forget(): void {
    const { unsaved, drafts } = this.place;
    this.change({ ...nowhere, unsaved, drafts });
  }

  /** Writes what is not written yet. */
  flush(): void {
    this.placeFile.flush();
    this.listsFile.flush();
  }

  private read(): Place {
    const found = this.placeFile.read((value) => stored.parse(value));
    if (found?.workspace !== this.workspace) return nowhere;
    const kept = this.listsFile.read((value) => storedLists.parse(value));
    const belongs = kept?.workspace === this.workspace && kept.datasetId === found.place.browse?.datasetId;
    if (!belongs) return { ...found.place, selected: [], examples: null };
    const { examples, selected } = kept;
    const idsOf = (written: readonly number[]) => idsOfRuns(written, mostKeptSelected);
    return {
      ...found.place,
      selected: idsOf(selected),
      examples: examples && { label: examples.label, expressionIds: idsOf(examples.runs) },
    };
  }
}

/** Whether workspaces belong together: pure, over what is known of each. */
import { methodNames, type MethodId } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { PartNote } from './part';

/** A workspace that is to be merged, as far as the check needs it. */
export interface Source {
  /** Its folder, for messages. */
  path: string;
  note: PartNote | null;
  datasets: readonly {
    name: string;
    contentHash: string;
    runs: readonly { method: MethodId; packName: string; packVersion: string; packHash: string }[];
  }[];
}

/**
 * Throws `conflict` where two sources answered the same dataset with the same method but other models or settings, where
 * datasets of one name have other contents, or where parts are not parts of one whole.
 */
export function checkSources(sources: readonly Source[]): void {
  const hashesSeen = new Map<string, { path: string; hashes: string; described: string }>();
  const contentSeen = new Map<string, { path: string; contentHash: string }>();
  for (const { path, datasets } of sources) {
    for (const { name, contentHash, runs } of datasets) {
      const content = contentSeen.get(name);
      if (content && content.contentHash !== contentHash) {
        throw refusal(`The dataset ${name} is another one in ${path} than in ${content.path}`);
      }
      contentSeen.set(name, { path, contentHash });
      for (const method of new Set(runs.map((run) => run.method))) {
        const own = runs.filter((run) => run.method === method);
        const hashes = [...new Set(own.map((run) => run.packHash))].sort().join();
        const described = own.map((run) => `${run.packName} ${run.packVersion}`).join(' and ');
        const key = `${contentHash}/${method}`;
        const seen = hashesSeen.get(key);
        if (seen && seen.hashes !== hashes) {
          throw refusal(
            `${methodNames[method as keyof typeof methodNames] ?? method} ran with other models or settings in ${path} (${described}) than in ${seen.path} (${seen.described})`,
          );
        }
        hashesSeen.set(key, { path, hashes, described });
      }
    }
  }
  checkNotes(sources);
}

function checkNotes(sources: readonly Source[]): void {
  const noted = sources.flatMap(({ path, note }) => (note ? [{ path, note }] : []));
  const [first] = noted;
  if (!first) return;
  const whole = ({ shard, ...rest }: PartNote) => JSON.stringify({ count: shard.count, ...rest });
  const places = new Map<number, string>();
  for (const { path, note } of noted) {
    if (whole(note) !== whole(first.note)) {
      throw refusal(`${path} and ${first.path} are not parts of one whole: they were split otherwise`);
    }
    const other = places.get(note.shard.index);
    if (other !== undefined) {
      throw refusal(`${path} and ${other} are both part ${note.shard.index}/${note.shard.count}`);
    }
    places.set(note.shard.index, path);
  }
}

/** Numbers of the parts that are not among the sources; none where no source is a part. */
export function missingParts(sources: readonly Source[]): number[] {
  const notes = sources.flatMap(({ note }) => (note ? [note] : []));
  const present = new Set(notes.map(({ shard }) => shard.index));
  const count = notes[0]?.shard.count ?? 0;
  return Array.from({ length: count }, (_, index) => index).filter((index) => !present.has(index));
}

function refusal(why: string): WorkbenchError {
  return new WorkbenchError(
    'conflict',
    `${why}. Nothing was merged.`,
    'Merge only what was made with the same data, models and settings; a workspace of its own holds the rest.',
  );
}

/** What was done to a ground truth and to the words of its expression, newest first, read piece by piece. */
import { computed, shallowRef, watch } from 'vue';
import type { GroundTruthRevision, TextStep } from '../../../common/contract';
import { api } from '../../api/client';
import { useInspect } from '../../stores/inspect';

export type HistoryEntry =
  | { kind: 'geometry'; savedAt: string; revision: GroundTruthRevision }
  | { kind: 'text'; savedAt: string; step: TextStep };

/** Masks of hundreds of revisions are megabytes; nobody looks at more than these at once. */
const pieceLength = 40;

/**
 * One list of revisions and of edits of the text, by when they were made. While older revisions are left to be read,
 * edits from before the oldest one shown wait with them.
 */
export function mergeHistory(
  revisions: readonly GroundTruthRevision[],
  texts: readonly TextStep[],
  hasEarlier: boolean,
): HistoryEntry[] {
  const oldest = hasEarlier ? (revisions.at(-1)?.savedAt ?? '') : '';
  const entries: HistoryEntry[] = [
    ...revisions.map((revision) => ({ kind: 'geometry' as const, savedAt: revision.savedAt, revision })),
    ...texts
      .filter(({ savedAt }) => savedAt >= oldest)
      .map((step) => ({ kind: 'text' as const, savedAt: step.savedAt, step })),
  ];
  return entries.sort((a, b) => (a.savedAt < b.savedAt ? 1 : a.savedAt > b.savedAt ? -1 : 0));
}

export function useHistory() {
  const inspect = useInspect();
  const revisions = shallowRef<GroundTruthRevision[]>([]);
  const texts = shallowRef<TextStep[]>([]);
  const hasEarlier = shallowRef(false);
  const failure = shallowRef<unknown>(null);
  const referentId = computed(() => inspect.detail?.groundTruth?.referentId ?? null);

  /** Runs a reading; what it finds counts only while the same is still looked at. */
  async function read<Found>(
    ask: () => Promise<Found>,
    isWanted: () => boolean,
    take: (found: Found) => void,
  ): Promise<void> {
    try {
      const found = await ask();
      if (!isWanted()) return;
      take(found);
      failure.value = null;
    } catch (thrown) {
      if (isWanted()) failure.value = thrown;
    }
  }

  async function loadRevisions() {
    const wanted = referentId.value;
    if (wanted === null) {
      revisions.value = [];
      hasEarlier.value = false;
      return;
    }
    const isSame = revisions.value[0]?.referentId === wanted;
    const newerThan = isSame ? (revisions.value[0]?.revision ?? null) : null;
    await read(
      () =>
        api.corrections.history({
          referentId: wanted,
          newerThan,
          limit: newerThan === null ? pieceLength : 1_000,
        }),
      () => wanted === referentId.value,
      (found) => {
        const known = newerThan === null ? [] : revisions.value;
        if (newerThan === null) hasEarlier.value = found.length === pieceLength;
        // Two readings of the same step may cross.
        const last = known[0]?.revision ?? -1;
        const added = found.filter(({ revision }) => revision > last);
        const olds = added.length > 0 ? known.map((each) => ({ ...each, current: false })) : known;
        revisions.value = [...added, ...olds];
      },
    );
  }

  async function loadEarlier() {
    const wanted = referentId.value;
    const oldest = revisions.value.at(-1);
    if (wanted === null || !oldest) return;
    await read(
      () => api.corrections.history({ referentId: wanted, olderThan: oldest.revision, limit: pieceLength }),
      () => wanted === referentId.value && revisions.value.at(-1) === oldest,
      (found) => {
        hasEarlier.value = found.length === pieceLength;
        revisions.value = [...revisions.value, ...found];
      },
    );
  }

  async function loadTexts() {
    const wanted = inspect.detail?.id ?? null;
    if (wanted === null) {
      texts.value = [];
      return;
    }
    await read(
      () => api.corrections.textHistory({ expressionId: wanted }),
      () => wanted === inspect.detail?.id,
      (found) => (texts.value = found),
    );
  }

  watch([referentId, () => inspect.detail?.groundTruth?.revision], loadRevisions, { immediate: true });
  watch([() => inspect.detail?.id, () => inspect.detail?.text], loadTexts, { immediate: true });

  const entries = computed(() => mergeHistory(revisions.value, texts.value, hasEarlier.value));
  async function reload() {
    await Promise.all([loadRevisions(), loadTexts()]);
  }
  return { revisions, entries, hasEarlier, failure, loadEarlier, reload };
}

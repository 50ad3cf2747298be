/** What people changed of the ground truth that an evaluation counts, against what was imported. */
import type { Database, Statement } from 'better-sqlite3';
import type { CorrectionKind, CorrectionMade, GeometrySource } from '../../../../common/contract';
import { boxIou } from '../../../../common/geometry/iou';
import { runLengthIou } from '../../../../common/geometry/rle';
import type { Size } from '../../../../common/geometry/types';
import type { RowSelection } from '../../evaluation/rows';
import { boxFromColumns, fromJson, maskFromColumn, type BoxColumns } from '../columns';
import { inSelection, referentAt } from '../revision-sql';
import type { StoredChange } from './corrections';

/** An expression that is not, or may not be, as it was imported. */
interface ChangedRow extends Size {
  key: string;
  text: string;
  original_text: string;
  note: string;
  id: number;
  image_id: number;
  image_key: string;
  /** What it means, and what it meant when it was imported; null: nothing. */
  referent_id: number | null;
  original_referent_id: number | null;
  added_revision: number;
}

interface TruthRow extends BoxColumns {
  referent_key: string;
  mask_counts: string | null;
  source: GeometrySource;
  run_id: number | null;
  author: string;
  saved_at: string;
}

/** In the order of images and expressions; the changes of one object's geometry are one entry. */
export function readCorrections(database: Database, selection: RowSelection): CorrectionMade[] {
  const { datasetId, split, revision, original } = selection;
  if (original) return [];
  const truth = database.prepare(
    `SELECT referents.key AS referent_key, ground_truth.* FROM ground_truth
       JOIN referents ON referents.id = referent_id
     WHERE referent_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1`,
  );
  const truthAt = (referentId: number | null, at: number) =>
    (referentId === null ? undefined : truth.get(referentId, at)) as TruthRow | undefined;
  const steps = database.prepare(
    'SELECT after, author, made_at FROM correction_steps WHERE image_id = ? AND undone = 0 ORDER BY id DESC',
  );
  const rows = database
    .prepare(
      `SELECT expressions.id, expressions.key, text, original_text, note, added_revision, image_id,
         images.key AS image_key, width, height,
         ${referentAt()} AS referent_id, ${referentAt('0')} AS original_referent_id
       FROM expressions JOIN images ON images.id = image_id
       WHERE ${inSelection}
         AND (added_revision > 0 OR text <> original_text
           OR expressions.id IN (SELECT expression_id FROM expression_links)
           OR (SELECT current_revision FROM referents WHERE id = expressions.referent_id) > 0)
       ORDER BY image_id, expressions.id`,
    )
    .all({ datasetId, split, revision }) as ChangedRow[];

  const made: CorrectionMade[] = [];
  const ofReferent = new Map<number, CorrectionMade>();
  for (const row of rows) {
    const now = truthAt(row.referent_id, revision);
    // An expression that was added meant nothing before.
    const imported = row.added_revision > 0 ? undefined : truthAt(row.original_referent_id, 0);
    const entry = (kind: CorrectionKind): CorrectionMade => entryOf(kind, row, imported, now);
    const said = (kind: CorrectionKind): CorrectionMade => ({
      ...entry(kind),
      ...whoSaid(steps, row, kind),
    });
    if (row.added_revision > 0) {
      made.push(said('added'));
      continue;
    }
    if (row.text !== row.original_text) made.push(said('text'));
    if (!differs(imported, now)) continue;
    if (row.referent_id !== row.original_referent_id) {
      made.push(said('object'));
      continue;
    }
    const referentId = row.referent_id ?? 0;
    const known = ofReferent.get(referentId);
    if (known) {
      known.expressions.push(row.key);
      if (row.note) known.note = known.note ? `${known.note}; ${row.note}` : row.note;
    } else {
      const sameBox = sides.every((side) => imported?.[side] === now?.[side]);
      const first = entry(sameBox ? 'mask' : 'box');
      ofReferent.set(referentId, first);
      made.push(first);
    }
  }
  return made;
}

const sides = ['box_x', 'box_y', 'box_width', 'box_height'] as const;

function differs(a: TruthRow | undefined, b: TruthRow | undefined): boolean {
  return [...sides, 'mask_counts' as const].some((column) => (a?.[column] ?? null) !== (b?.[column] ?? null));
}

function entryOf(
  kind: CorrectionKind,
  row: ChangedRow,
  imported: TruthRow | undefined,
  now: TruthRow | undefined,
): CorrectionMade {
  const [originalBox, correctedBox] = [imported, now].map((truth) => (truth ? boxFromColumns(truth) : null));
  const [originalMask, correctedMask] = [imported, now].map((truth) =>
    truth ? maskFromColumn(truth.mask_counts, row) : null,
  );
  return {
    kind,
    image: row.image_key,
    referent: now?.referent_key ?? null,
    expressions: [row.key],
    text: row.text,
    originalText: kind === 'text' ? row.original_text : null,
    originalBox: originalBox ?? null,
    correctedBox: correctedBox ?? null,
    iou: originalBox && correctedBox ? boxIou(originalBox, correctedBox) : null,
    maskIou: originalMask && correctedMask ? runLengthIou(originalMask, correctedMask) : null,
    source: now?.source ?? null,
    runId: now?.run_id ?? null,
    author: now?.author ?? '',
    savedAt: now?.saved_at ?? '',
    note: row.note,
  };
}

/** Who changed the expression itself, from the newest step that did; nobody where the steps do not say. */
function whoSaid(
  steps: Statement,
  row: ChangedRow,
  kind: CorrectionKind,
): Pick<CorrectionMade, 'source' | 'runId' | 'author' | 'savedAt'> {
  const wanted = { text: 'text', object: 'link', added: 'expression', box: '', mask: '' }[kind];
  const concerns = (change: StoredChange): boolean =>
    change.kind === 'several'
      ? change.changes.some(concerns)
      : change.kind === wanted && 'expressionId' in change && change.expressionId === row.id;
  const found = (steps.all(row.image_id) as { after: string; author: string; made_at: string }[]).find(
    ({ after }) => concerns(fromJson<StoredChange>(after)),
  );
  return { source: null, runId: null, author: found?.author ?? '', savedAt: found?.made_at ?? '' };
}

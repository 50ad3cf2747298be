/**
 * A moment of the workspace, read in pieces. SQLite shows a connection of its own the file as it was when its transaction
 * began, whatever the workspace's connection writes meanwhile; and statements that are read piece by piece keep no other
 * from writing.
 */
import DatabaseConstructor, { type Database } from 'better-sqlite3';
import { runLengthBox } from '../../../../common/geometry/rle';
import type { ImageBox, Size } from '../../../../common/geometry/types';
import type { EvaluationSnapshot, RowSelection } from '../../evaluation/rows';
import type { EvaluationTable } from '../../evaluation/table';
import { itemsTogether, type Pieces } from '../../jobs/pieces';
import { maskFromColumn } from '../columns';
import { inSelection, truthDiffersSince } from '../revision-sql';
import { readCorrections } from './evaluation-corrections';
import { readFacts } from './evaluation-facts';
import { readTables } from './evaluation-table';
import { PredictionsRepository } from './predictions';
import { TruthReader } from './truth-reader';

/** A database in memory has one connection only; what is read of it piece by piece is not kept apart from writing. */
export function openSnapshot(database: Database): EvaluationSnapshot {
  if (database.memory) return snapshotOf(database, () => undefined);
  const own = new DatabaseConstructor(database.name, { readonly: true, fileMustExist: true });
  try {
    own.pragma('trusted_schema = OFF');
    own.pragma('cell_size_check = ON');
    own.exec('BEGIN');
    // Only reading begins the moment.
    own.prepare('SELECT revision FROM state').get();
    return snapshotOf(own, () => own.close());
  } catch (error) {
    own.close();
    throw error;
  }
}

function snapshotOf(database: Database, end: () => void): EvaluationSnapshot {
  const predictions = new PredictionsRepository(database);
  const truths = new TruthReader(database);
  return {
    tables: (selection) => readTables({ database, predictions, truths }, selection),
    facts: (selection, table) => readFacts(database, selection, table),
    maskBoxes: (selection, table) => readMaskBoxes(database, selection, table),
    corrections: (selection) => countCorrections(database, selection),
    correctionsMade: (selection) => readCorrections(database, selection),
    end,
  };
}

function countCorrections(
  database: Database,
  { datasetId, split, revision, original }: RowSelection,
): number {
  return database
    .prepare(
      `SELECT count(*)
       FROM expressions
       WHERE ${inSelection}
         AND (expressions.added_revision > 0
           OR NOT @original AND expressions.text <> expressions.original_text
           OR @revision > 0 AND ${truthDiffersSince('0')})`,
    )
    .pluck()
    .get({ datasetId, split, revision, original: Number(original) }) as number;
}

function* readMaskBoxes(
  database: Database,
  { revision }: RowSelection,
  table: EvaluationTable,
): Pieces<(ImageBox | null)[]> {
  const select = database.prepare(
    `SELECT width, height, mask_counts FROM ground_truth
       JOIN referents ON referents.id = referent_id JOIN images ON images.id = image_id
     WHERE referent_id = @referentId AND revision <= @revision ORDER BY revision DESC LIMIT 1`,
  );
  const known = new Map<number, ImageBox | null>();
  const boxes: (ImageBox | null)[] = [];
  yield { begin: 'Reading masks', total: table.count };
  for (const referentId of table.referentIds) {
    let box = known.get(referentId);
    if (box === undefined) {
      const row = select.get({ referentId, revision }) as (Size & { mask_counts: string | null }) | undefined;
      const mask = row ? maskFromColumn(row.mask_counts, row) : null;
      box = mask && runLengthBox(mask);
      known.set(referentId, box);
    }
    boxes.push(box);
    if (boxes.length % itemsTogether === 0) yield { done: itemsTogether };
  }
  return boxes;
}

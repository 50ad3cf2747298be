/** Reads what is known of expressions beside their measurements: what slices and error types are made from. */
import type { Database } from 'better-sqlite3';
import type { AnnotatedObject, Facts } from '../../evaluation/facts';
import type { RowSelection } from '../../evaluation/rows';
import type { EvaluationTable } from '../../evaluation/table';
import { itemsTogether, type Pieces } from '../../jobs/pieces';
import { boxFromColumns, fromJson, type BoxColumns } from '../columns';
import { truthRevisionOf } from '../revision-sql';

interface FactRow {
  id: number;
  text: string;
  split: string;
  review_state: string;
  failure_label: string | null;
  width: number;
  height: number;
  attributes: string;
}

interface ObjectRow extends BoxColumns {
  id: number;
  image_id: number;
  category: string;
}

/** In the order of the table's rows. */
export function* readFacts(
  database: Database,
  { datasetId, split, revision, original, boxes }: RowSelection,
  table: EvaluationTable,
): Pieces<Facts> {
  const facts: Facts = {
    texts: [],
    splits: [],
    reviewStates: [],
    failureLabels: [],
    images: [],
    attributes: [],
    views: [],
    objects: yield* readObjects(database, { datasetId, revision, margin: boxes === 'inclusive' ? 1 : 0 }),
  };
  const rows = database
    .prepare(
      `SELECT expressions.id, iif(@original, original_text, text) AS text, expressions.split, review_state,
         failure_label, width, height, attributes
       FROM expressions JOIN images ON images.id = image_id
       WHERE expressions.dataset_id = @datasetId AND (@split IS NULL OR expressions.split = @split)
       ORDER BY expressions.id`,
    )
    .iterate({ datasetId, split, original: Number(original) }) as IterableIterator<FactRow>;
  let at = 0;
  yield { begin: 'Reading what is known of the expressions', total: table.count };
  for (const row of rows) {
    if (table.expressionIds[at] !== row.id) continue;
    at += 1;
    facts.texts.push(row.text);
    facts.splits.push(row.split);
    facts.reviewStates.push(row.review_state);
    facts.failureLabels.push(row.failure_label ?? '');
    facts.images.push({ width: row.width, height: row.height });
    facts.attributes.push(fromJson(row.attributes));
    if (at % itemsTogether === 0) yield { done: itemsTogether };
  }
  return facts;
}

function* readObjects(
  database: Database,
  { datasetId, revision, margin }: { datasetId: number; revision: number; margin: number },
): Pieces<Map<number, AnnotatedObject[]>> {
  const rows = database
    .prepare(
      `SELECT referents.id, referents.image_id, referents.category, box_x, box_y, box_width, box_height
       FROM referents JOIN ground_truth ON referent_id = referents.id AND revision =
         iif(referents.current_revision <= @revision, referents.current_revision,
           ${truthRevisionOf('referents.id')})
       WHERE dataset_id = @datasetId AND box_x IS NOT NULL
         AND (retired_revision IS NULL OR retired_revision > @revision) ORDER BY referents.id`,
    )
    .iterate({ datasetId, revision }) as IterableIterator<ObjectRow>;
  const objects = new Map<number, AnnotatedObject[]>();
  let read = 0;
  yield { begin: 'Reading the objects of the images' };
  for (const row of rows) {
    read += 1;
    if (read % itemsTogether === 0) yield { done: itemsTogether };
    const box = boxFromColumns(row);
    if (!box) continue;
    const widened = { ...box, width: box.width + margin, height: box.height + margin };
    const object = { referentId: row.id, category: row.category, box: widened };
    const known = objects.get(row.image_id);
    if (known) known.push(object);
    else objects.set(row.image_id, [object]);
  }
  return objects;
}

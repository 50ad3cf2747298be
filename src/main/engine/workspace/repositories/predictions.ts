import type { Database, Statement } from 'better-sqlite3';
import type { MeasuredPrediction, MethodId, Prediction } from '../../../../common/contract';
import { WorkbenchError } from '../../../../common/errors';
import type { WithinReach } from '../../evaluation/errors';
import { measure, measureVersion, type Truth } from '../../evaluation/measure';
import type { Measurement } from '../../evaluation/rows';
import type { AnsweredTask, PredictionTask } from '../../jobs/predict';
import { boxFromColumns, boxToColumns, fromJson, maskFromColumn, type BoxColumns } from '../columns';
import { packEvidence, unpackEvidence } from '../evidence';
import { AnswerJudge, judged, type Asked } from './answer-judge';
import { ImageTruths, type ImageTruth } from './image-truths';
import { placeKey } from './transfer';

interface PredictionRow extends BoxColumns {
  id: number;
  run_id: number;
  method: MethodId;
  width: number;
  height: number;
  score: number | null;
  iou: number | null;
  mask_intersection: number | null;
  mask_union: number | null;
  point_inside: number | null;
  attainable_iou: number | null;
  missing_reason: string;
  answered_text: string;
  timings: string;
  mask_counts: string | null;
  evidence: Buffer;
}

/** An answer with what its method had within reach. */
type StoredAnswer = Omit<MeasuredPrediction, 'verdict'> & Pick<WithinReach, 'attainableIou' | 'pointInside'>;

interface TruthRow extends BoxColumns {
  width: number;
  height: number;
  mask_counts: string | null;
}

interface AskedRow extends Asked {
  text: string;
  imageId: number;
}

const selectPrediction = `
  SELECT predictions.*, method, width, height, evidence, ${placeKey} AS key
  FROM predictions
    JOIN runs ON runs.id = run_id
    JOIN expressions ON expressions.id = expression_id
    JOIN images ON images.id = expressions.image_id
    JOIN prediction_evidence ON prediction_id = predictions.id`;

/** What is measured of a prediction, and by which version of the rules. */
const measuredColumns = [
  'iou',
  'mask_intersection',
  'mask_union',
  'boundary_f',
  'best_proposal_iou',
  'rank_by_similarity',
  'rank_by_score',
  'point_inside',
  'energy_in_box',
  'energy_in_mask',
  'map_auc',
  'attainable_iou',
  'measured_by',
] as const;

/** What runs answered. Writes model output only: nothing here touches what a person made. */
export class PredictionsRepository {
  readonly #database: Database;
  readonly #truths: ImageTruths;
  readonly #asked: Statement;
  readonly #truthOfReferent: Statement;
  readonly #runExists: Statement;
  readonly #insert: Statement;
  readonly #insertEvidence: Statement;
  readonly #insertFailure: Statement;
  readonly #forgetFailure: Statement;
  readonly #pending: Statement;
  readonly #ofExpression: Statement;
  readonly #ofReferent: Statement;
  readonly #allOfExpression: Statement;
  readonly #ofRunAfter: Statement;
  readonly #measureAnew: Statement;
  readonly #markStale: Statement;
  readonly #measuredBefore: Statement;
  readonly #judge: AnswerJudge;

  constructor(database: Database) {
    this.#database = database;
    this.#truths = new ImageTruths(database);
    this.#judge = new AnswerJudge(database, this.#truths);
    this.#asked = database.prepare(
      'SELECT text, image_id AS imageId, referent_id AS referentId, category FROM expressions WHERE id = ?',
    );
    this.#truthOfReferent = database.prepare(
      `SELECT width, height, box_x, box_y, box_width, box_height, mask_counts
       FROM referents
         JOIN images ON images.id = image_id
         JOIN ground_truth ON referent_id = referents.id AND revision = current_revision
       WHERE referents.id = ?`,
    );
    this.#runExists = database.prepare('SELECT 1 FROM runs WHERE id = ?').pluck();
    this.#insert = database
      .prepare(
        `INSERT INTO predictions (run_id, expression_id, box_x, box_y, box_width, box_height, score,
           ${measuredColumns.join(', ')},
           answer_type, missing_reason, answered_text, stale, timings, mask_counts)
         VALUES (?, ?, ?, ?, ?, ?, ?, ${measuredColumns.map(() => '?').join(', ')}, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (run_id, expression_id) DO UPDATE SET
           box_x = excluded.box_x, box_y = excluded.box_y,
           box_width = excluded.box_width, box_height = excluded.box_height,
           score = excluded.score,
           ${measuredColumns.map((name) => `${name} = excluded.${name}`).join(', ')},
           answer_type = excluded.answer_type,
           missing_reason = excluded.missing_reason, answered_text = excluded.answered_text,
           stale = excluded.stale, timings = excluded.timings, mask_counts = excluded.mask_counts
         RETURNING id`,
      )
      .pluck();
    this.#insertEvidence = database.prepare(
      `INSERT INTO prediction_evidence (prediction_id, evidence) VALUES (?, ?)
       ON CONFLICT (prediction_id) DO UPDATE SET evidence = excluded.evidence`,
    );
    this.#insertFailure = database.prepare(
      `INSERT INTO prediction_failures (run_id, expression_id, kind, message)
       SELECT runs.id, expressions.id, @kind, @message FROM runs, expressions
       WHERE runs.id = @runId AND expressions.id = @expressionId
       ON CONFLICT (run_id, expression_id) DO UPDATE SET kind = excluded.kind, message = excluded.message`,
    );
    this.#forgetFailure = database.prepare(
      'DELETE FROM prediction_failures WHERE run_id = ? AND expression_id = ?',
    );
    this.#pending = database.prepare(
      `SELECT expressions.id AS expressionId, image_id AS imageId, text
       FROM json_each(@expressionIds) AS wanted
         JOIN expressions ON expressions.id = wanted.value
         LEFT JOIN predictions ON run_id = @runId AND expression_id = expressions.id
       WHERE predictions.id IS NULL OR stale = 1
       ORDER BY wanted.key`,
    );
    this.#ofExpression = database.prepare(
      `${selectPrediction}
       WHERE expression_id = ? AND run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id`,
    );
    this.#ofReferent = database.prepare(`${selectPrediction} WHERE expressions.referent_id = ?`);
    this.#allOfExpression = database.prepare(`${selectPrediction} WHERE expression_id = ?`);
    this.#ofRunAfter = database.prepare(
      `${selectPrediction} WHERE run_id = ? AND predictions.id > ? ORDER BY predictions.id LIMIT ?`,
    );
    this.#measureAnew = database.prepare(
      `UPDATE predictions SET ${measuredColumns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
    );
    this.#measuredBefore = database.prepare(
      `SELECT DISTINCT referent_id AS referentId
       FROM predictions JOIN expressions ON expressions.id = expression_id
       WHERE run_id IN (SELECT value FROM json_each(?)) AND measured_by < ? AND referent_id IS NOT NULL`,
    );
    this.#markStale = database.prepare(
      `UPDATE predictions SET stale = answered_text <> (SELECT text FROM expressions WHERE id = expression_id)
       WHERE expression_id = ?`,
    );
  }

  /** Tasks in the order of the ids, without those that the run has answered as the expression reads now. */
  pendingTasks(runId: number, expressionIds: readonly number[]): PredictionTask[] {
    const given = { runId, expressionIds: JSON.stringify(expressionIds) };
    return this.#pending.all(given) as PredictionTask[];
  }

  /**
   * Writes answers in one transaction, measured against the ground truth as it is at this moment. An answer to an
   * expression that was removed meanwhile is dropped. Throws `not-found` where the run itself is gone.
   */
  save(runId: number, answers: readonly AnsweredTask[]): void {
    this.#database.transaction(() => {
      if (this.#runExists.get(runId) === undefined) {
        throw new WorkbenchError('not-found', 'The run was removed while it was being filled.');
      }
      const imageTruth = this.#truths.readingOnce();
      for (const { expressionId, text, prediction } of answers) {
        const asked = this.#asked.get(expressionId) as AskedRow | undefined;
        if (!asked) continue;
        const image = imageTruth(asked.imageId);
        const { box } = prediction;
        const measurement = measure(prediction, truthIn(image, asked), image.size);
        const predictionId = this.#insert.get(
          runId,
          expressionId,
          ...boxToColumns(box),
          prediction.score,
          ...measurementToColumns(measurement),
          judged({ text, box, iou: measurement.iou }, asked, image.objects),
          prediction.missingReason,
          text,
          Number(text !== asked.text),
          JSON.stringify(prediction.timings),
          prediction.mask?.counts ?? null,
        ) as number;
        this.#insertEvidence.run(predictionId, packEvidence(prediction.evidence));
        this.#forgetFailure.run(runId, expressionId);
      }
    })();
  }

  /** Notes that the method failed with an error; the expression stays unanswered and is tried again by the next job. */
  saveFailure(runId: number, expressionId: number, kind: string, message: string): void {
    this.#insertFailure.run({ runId, expressionId, kind, message });
  }

  ofExpression(expressionId: number, runIds: readonly number[]): StoredAnswer[] {
    const rows = this.#ofExpression.all(expressionId, JSON.stringify(runIds)) as PredictionRow[];
    return rows.map((row) => ({
      ...toPrediction(row),
      runId: row.run_id,
      predictionId: row.id,
      answeredText: row.answered_text,
      iou: row.iou,
      maskIou:
        row.mask_intersection === null || !row.mask_union ? null : row.mask_intersection / row.mask_union,
      attainableIou: row.attainable_iou ?? 0,
      pointInside: row.point_inside === 1,
    }));
  }

  /** So many answers of a run after one of them, in the order they were saved, with `placeKey`. */
  ofRunAfter(
    runId: number,
    predictionId: number,
    limit: number,
  ): { predictionId: number; key: string; text: string; prediction: Prediction }[] {
    const rows = this.#ofRunAfter.all(runId, predictionId, limit) as (PredictionRow & { key: string })[];
    return rows.map((row) => ({
      predictionId: row.id,
      key: row.key,
      text: row.answered_text,
      prediction: toPrediction(row),
    }));
  }

  /**
   * Measures all predictions of a referent's expressions against its ground truth, and judges those of its whole
   * image: they may have meant this object. Call inside a transaction, after the ground truth is stored.
   */
  measureAnew(referentId: number, truth: Truth): void {
    this.#measureRows(this.#ofReferent.all(referentId) as PredictionRow[], truth);
    this.#judge.imageOf(referentId);
  }

  /** Judges all answers about the referent's image: it has become an object of it, or is none any more. */
  judgeImageOf(referentId: number): void {
    this.#judge.imageOf(referentId);
  }

  /** Measures the predictions of an expression that means another referent now. Call inside a transaction. */
  measureExpression(expressionId: number): void {
    const asked = this.#asked.get(expressionId) as AskedRow | undefined;
    if (!asked) return;
    const truth = truthIn(this.#truths.of(asked.imageId), asked);
    this.#measureRows(this.#allOfExpression.all(expressionId) as PredictionRow[], truth);
    this.#judge.imageOfExpression(expressionId);
  }

  #measureRows(rows: readonly PredictionRow[], truth: Truth): void {
    for (const row of rows) {
      const measurement = measure(toPrediction(row), truth, { width: row.width, height: row.height });
      this.#measureAnew.run(...measurementToColumns(measurement), row.id);
    }
  }

  /** Judges all answers of the workspace where that was done by older rules, or never. All or nothing. */
  judgeByNewRules(): void {
    this.#judge.everythingByNewRules();
  }

  /** Measures what these runs answered under older rules of measuring, all or nothing. */
  measureByNewRules(runIds: readonly number[]): void {
    const referents = this.#measuredBefore.all(JSON.stringify(runIds), measureVersion);
    if (referents.length === 0) return;
    this.#database.transaction(() => {
      for (const { referentId } of referents as { referentId: number }[]) {
        const truth = this.#truthOfReferent.get(referentId) as TruthRow | undefined;
        if (truth) this.measureAnew(referentId, truthFrom(truth));
      }
    })();
  }

  /** Call inside the transaction that edits the expression's text: answers to another text count no longer. */
  markStale(expressionId: number): void {
    this.#markStale.run(expressionId);
  }
}

function truthIn({ truths }: ImageTruth, { referentId }: Asked): Truth {
  return truths.get(referentId ?? 0) ?? { box: null, mask: null };
}

function truthFrom(row: TruthRow): Truth {
  return { box: boxFromColumns(row), mask: maskFromColumn(row.mask_counts, row) };
}

function toPrediction(row: PredictionRow): Prediction {
  return {
    method: row.method,
    box: boxFromColumns(row),
    mask: maskFromColumn(row.mask_counts, row),
    score: row.score,
    missingReason: row.missing_reason,
    evidence: unpackEvidence(row.evidence),
    timings: fromJson(row.timings),
  };
}

/** In the order of `measuredColumns`. */
function measurementToColumns(measurement: Measurement): (number | null)[] {
  const { pointInside } = measurement;
  return [
    measurement.iou,
    measurement.maskIntersection,
    measurement.maskUnion,
    measurement.boundaryF,
    measurement.bestProposalIou,
    measurement.rankBySimilarity,
    measurement.rankByScore,
    pointInside === null ? null : Number(pointInside),
    measurement.energyInBox,
    measurement.energyInMask,
    measurement.mapAuc,
    measurement.attainableIou,
    measureVersion,
  ];
}

import type { Database, Statement } from 'better-sqlite3';
import type { ExpressionDetail, JobFailure } from '../../../../common/contract';

/** What runs could not answer because of an error. Answering an expression later forgets its failure. */
export class FailuresRepository {
  readonly #count: Statement;
  readonly #list: Statement;
  readonly #ofExpression: Statement;

  constructor(database: Database) {
    const from = `FROM prediction_failures AS failures
      JOIN runs ON runs.id = run_id
      JOIN expressions ON expressions.id = expression_id
      WHERE run_id IN (SELECT value FROM json_each(@runIds))
        AND expression_id IN (SELECT value FROM json_each(@expressionIds))`;
    this.#count = database.prepare(`SELECT count(*) ${from}`).pluck();
    this.#list = database.prepare(
      `SELECT expression_id AS expressionId, text, image_id AS imageId, method, failures.kind AS kind, message ${from}
       ORDER BY expression_id, run_id LIMIT @limit`,
    );
    this.#ofExpression = database.prepare(
      `SELECT run_id AS runId, method, message FROM prediction_failures JOIN runs ON runs.id = run_id
       WHERE expression_id = @expressionId AND run_id IN (SELECT value FROM json_each(@runIds)) ORDER BY run_id`,
    );
  }

  /** In the order of the expressions, the first `limit` of them. */
  of(
    runIds: readonly number[],
    expressionIds: readonly number[],
    limit: number,
  ): { count: number; failures: JobFailure[] } {
    const scope = { runIds: JSON.stringify(runIds), expressionIds: JSON.stringify(expressionIds) };
    return {
      count: this.#count.get(scope) as number,
      failures: this.#list.all({ ...scope, limit }) as JobFailure[],
    };
  }

  ofExpression(expressionId: number, runIds: readonly number[]): ExpressionDetail['failures'] {
    const scope = { expressionId, runIds: JSON.stringify(runIds) };
    return this.#ofExpression.all(scope) as ExpressionDetail['failures'];
  }
}

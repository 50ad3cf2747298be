/** What `evaluate` tells beyond the table: slices by any field, errors, agreement, and what corrections did. */
import type { Evaluation, EvaluationOptions, SliceField } from '../../../common/contract';
import { effectBlocks } from '../reports/corrections';
import { agreementPart, deviationBlocks, errorsPart } from '../reports/findings';
import { formatPart, formatSlices } from '../reports/terminal-blocks';
import { runName } from '../reports/words';
import { unwrap, type Session } from './session';
import { UsageError } from './usage';

export const detailOptions = {
  details: {
    type: 'boolean',
    help: 'also error types and stages, agreement, slices that stand out, and what corrections did',
  },
  by: {
    type: 'string',
    value: '<field>',
    help: 'also Acc@0.5 by a field (size, relation, attribute:<name>, …), or by two with a comma',
  },
} as const;

/** Prints, or gives as results, errors, agreement, deviations and the effect of corrections. */
export async function tellDetails(
  session: Session,
  evaluation: Evaluation,
  options: EvaluationOptions,
): Promise<void> {
  const { client } = session.engine;
  const errors = unwrap(await client.evaluation.errors(options));
  const agreement = unwrap(await client.evaluation.agreement(options));
  const deviations = unwrap(await client.evaluation.deviations({ options }));
  const isCorrected = evaluation.protocol.groundTruth === 'corrected' && evaluation.protocol.corrections > 0;
  const effect = isCorrected ? unwrap(await client.evaluation.correctionEffect(options)) : null;
  session.output.result('errors', errors);
  session.output.result('agreement', agreement);
  session.output.result('deviations', deviations);
  if (effect) session.output.result('correctionEffect', effect);
  const parts = [
    errorsPart({ evaluation, errors }),
    agreementPart({ evaluation, agreement }),
    { title: 'Slices', note: '', blocks: deviationBlocks({ evaluation, deviations }) },
    { title: 'Corrections', note: '', blocks: effect ? effectBlocks(evaluation, effect) : [] },
  ];
  for (const part of parts.filter(({ blocks }) => blocks.length > 0)) {
    session.output.print(`\n${formatPart(part)}`);
  }
}

/** `by`: one field, or two with a comma. Throws a usage error with the fields that there are. */
export async function tellSlices(
  session: Session,
  evaluation: Evaluation,
  options: EvaluationOptions,
  by: string,
): Promise<void> {
  const { client } = session.engine;
  const known = unwrap(await client.evaluation.fields(options));
  const fields = by.split(',').map((id) => fieldOf(id.trim(), known));
  const [first, second = null, ...more] = fields;
  if (!first || more.length > 0) throw new UsageError('--by wants one field, or two with a comma.');
  const slices = unwrap(await client.evaluation.slices({ options, by: first.id, and: second?.id ?? null }));
  session.output.result('slices', slices);
  const names = evaluation.runs.map(({ runId }) => runName(evaluation, runId));
  session.output.print(`\n${formatSlices(fields.map(({ name }) => name).join(' / '), slices, names)}`);
}

function fieldOf(id: string, known: readonly SliceField[]): SliceField {
  const found = known.find((field) => field.id === id);
  if (found) return found;
  throw new UsageError(
    `There is no field "${id}" to slice by.`,
    `Fields: ${known.map((field) => field.id).join(', ')}.`,
  );
}

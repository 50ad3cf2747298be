/**
 * What each answer is (right, or what is wrong with it: the numbers of evaluation/judge.ts), kept beside what is measured of it. SQL cannot tell: answers
 * from before are told when the workspace is next opened for writing (`judged_by`: the version of the rules that all
 * answers were told by). The indexes hold what Browse reads, and no more: each costs time when answers are stored.
 */
export const answerTypesOfPredictions = `
ALTER TABLE predictions ADD COLUMN answer_type INTEGER NOT NULL DEFAULT 0;
ALTER TABLE state ADD COLUMN judged_by INTEGER NOT NULL DEFAULT 0;
DROP INDEX predictions_by_result;
CREATE INDEX predictions_by_result ON predictions(run_id, expression_id, iou, answer_type, stale);
DROP INDEX predictions_by_expression;
CREATE INDEX predictions_by_expression ON predictions(expression_id);
`;

import type { Database } from 'better-sqlite3';
import type { ColumnStore } from '../../browse/column-store';
import { BrowseRepository } from './browse';
import { CorrectionsRepository } from './corrections';
import { DatasetsRepository } from './datasets';
import { EvaluationRowsRepository } from './evaluation-rows';
import { ExpressionsRepository } from './expressions';
import { FailuresRepository } from './failures';
import { GivenAnswersRepository } from './given-answers';
import { GroundTruthRepository } from './ground-truth';
import { JobsRepository } from './jobs';
import { KeptParts } from './kept-parts';
import { LatenciesRepository } from './latencies';
import { PredictionsRepository } from './predictions';
import { ProbesRepository } from './probes';
import { RunsRepository } from './runs';
import { SavedEvaluationsRepository } from './saved-evaluations';
import { SettingsRepository } from './settings';
import { TransferRepository } from './transfer';
import { StructureRepository } from './structure';
import { ViewsRepository } from './views';

export interface Repositories {
  browse: BrowseRepository;
  corrections: CorrectionsRepository;
  datasets: DatasetsRepository;
  evaluationRows: EvaluationRowsRepository;
  expressions: ExpressionsRepository;
  failures: FailuresRepository;
  givenAnswers: GivenAnswersRepository;
  groundTruth: GroundTruthRepository;
  jobs: JobsRepository;
  latencies: LatenciesRepository;
  predictions: PredictionsRepository;
  probes: ProbesRepository;
  runs: RunsRepository;
  savedEvaluations: SavedEvaluationsRepository;
  settings: SettingsRepository;
  transfer: TransferRepository;
  structure: StructureRepository;
  views: ViewsRepository;
}

/** `columns`: where what Browse reads is kept between one start and the next; null: nowhere. */
export function createRepositories(database: Database, columns: ColumnStore | null = null): Repositories {
  const keptParts = new KeptParts(database, columns);
  return {
    browse: new BrowseRepository(database, keptParts),
    corrections: new CorrectionsRepository(database),
    datasets: new DatasetsRepository(database, keptParts),
    evaluationRows: new EvaluationRowsRepository(database),
    expressions: new ExpressionsRepository(database),
    failures: new FailuresRepository(database),
    givenAnswers: new GivenAnswersRepository(database),
    groundTruth: new GroundTruthRepository(database),
    jobs: new JobsRepository(database),
    latencies: new LatenciesRepository(database),
    predictions: new PredictionsRepository(database),
    probes: new ProbesRepository(database),
    runs: new RunsRepository(database),
    savedEvaluations: new SavedEvaluationsRepository(database),
    settings: new SettingsRepository(database),
    transfer: new TransferRepository(database),
    structure: new StructureRepository(database),
    views: new ViewsRepository(database),
  };
}

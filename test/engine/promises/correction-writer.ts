/**
 * A process that corrects ground truth as fast as it can and acknowledges each correction on a line of its own, once
 * it is committed. It is made to be killed. Arguments: the workspace's folder. Starts writing at the first input.
 */
import { writeSync } from 'node:fs';
import { once } from 'node:events';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { createLogger } from '../../../src/main/engine/logger';
import { openWorkspace } from '../../../src/main/engine/workspace/open';

async function main(path: string): Promise<void> {
  await once(process.stdin, 'data');
  const workspace = await openWorkspace({ path, log: createLogger(null) });
  const service = createCorrectionsService({ workspace, emit: () => undefined });
  const referentIds = workspace.database.prepare('SELECT id FROM referents').pluck().all() as number[];
  for (let count = 0; ; count += 1) {
    const referentId = referentIds[count % referentIds.length] ?? 0;
    const truth = workspace.repositories.groundTruth.of(referentId);
    const { revision } = await service.apply({
      change: {
        kind: 'ground-truth',
        referentId,
        expectedRevision: truth?.revision ?? 0,
        // The next revision's number, so that the test can tell a revision from its box.
        box: { x: 1, y: 1, width: workspace.repositories.groundTruth.workspaceRevision() + 2, height: 10 },
        mask: null,
        source: 'edited',
        runId: null,
      },
      label: 'Resize box',
    });
    writeSync(1, `${revision}\n`);
  }
}

void main(process.argv[2] ?? '');

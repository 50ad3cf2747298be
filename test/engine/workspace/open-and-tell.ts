/** A process that tries to open each workspace of its arguments and tells how it went, one kind a line. */
import { toErrorValue } from '../../../src/common/errors';
import { createLogger } from '../../../src/main/engine/logger';
import { openWorkspace } from '../../../src/main/engine/workspace/open';

async function main(paths: string[]): Promise<void> {
  for (const path of paths) {
    try {
      (await openWorkspace({ path, log: createLogger(null) })).close();
      console.info('opened');
    } catch (error) {
      console.info(toErrorValue(error, '').kind);
    }
  }
  console.info('end');
}

void main(process.argv.slice(2));

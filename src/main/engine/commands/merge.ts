import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkTogether } from '../parts/merge';
import { makePart, workspaceFile } from '../parts/part';
import { defineCommand } from './command';
import { followJob, unwrap } from './session';

/** Joins what was answered in several workspaces. */
export const mergeCommand = defineCommand({
  name: 'merge',
  summary: 'Take over what parts of a run, or other workspaces, answered on the same data',
  arguments: [
    {
      name: 'workspace',
      help: 'folders of the parts; again later for those that are missing',
      several: true,
    },
  ],
  options: {},
  examples: ['merge parts/0 parts/1 parts/2 --workspace whole', 'merge ~/on-the-other-machine/workspace'],
  // Into a new workspace: the first one is copied, with its data and its packs.
  async workspace(_values, [first = '', ...others], folder) {
    if (existsSync(join(folder, workspaceFile))) return folder;
    await checkTogether([first, ...others].map((path) => resolve(path)));
    await makePart(resolve(first), folder);
    return folder;
  },
  async run(session, _values, paths) {
    const { jobId } = unwrap(
      await session.engine.client.runs.merge({ paths: paths.map((path) => resolve(path)) }),
    );
    const job = await followJob(session, jobId);
    session.output.result('merge', job.result);
    session.output.say(job.message);
    const missing = job.result?.['missingParts'];
    return Array.isArray(missing) && missing.length > 0 ? 3 : 0;
  },
});

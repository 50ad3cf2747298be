import { resolve } from 'node:path';
import { methodNames, type PackSummary } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { alignColumns } from '../reports/terminal';
import { defineCommand } from './command';
import { followJob, unwrap, type Session } from './session';
import { usage } from './usage';

const megabyte = 1_000_000;

/** A line a pack, and below it what keeps it or a method from being used. */
export function formatPacks(packs: readonly PackSummary[]): string {
  if (packs.length === 0)
    return 'There are no model packs. Install one with `packs install <folder or zip>`.';
  const rows = packs.map((pack) => [
    pack.id,
    pack.version,
    `${(pack.bytes / megabyte).toFixed(1)} MB`,
    pack.bundled ? 'bundled' : 'installed',
    pack.problem ? 'unusable' : pack.verified === null ? 'not checked' : pack.verified ? 'sound' : 'damaged',
  ]);
  const notes = packs.flatMap((pack) => [
    ...(pack.problem ? [`${pack.id}: ${pack.problem.message} ${pack.problem.hint}`] : []),
    ...pack.methods
      .filter(({ available }) => !available && !pack.problem)
      .map(
        ({ method, missingRoles }) =>
          `${pack.id}: no ${methodNames[method]}, it lacks ${missingRoles.join(', ')}`,
      ),
  ]);
  return [alignColumns([['Pack', 'version', 'size', 'where', 'files'], ...rows]), ...notes].join('\n');
}

function show({ output }: Session, packs: readonly PackSummary[]): number {
  output.result('packs', packs);
  output.print(formatPacks(packs));
  return packs.some((pack) => pack.problem ?? pack.verified === false) ? 3 : 0;
}

/** From a folder or zip, or from the network where a web address is named. */
async function install(
  session: Session,
  from: string,
  values: { sha256: string | undefined; 'other-hosts': boolean },
): Promise<PackSummary> {
  const { models } = session.engine.client;
  if (!/^https?:\/\//i.test(from)) {
    if (values.sha256 !== undefined) throw usage('packs', '--sha256 goes with a web address.');
    return unwrap(await models.install({ path: resolve(from) }));
  }
  const sha256 = values.sha256 ?? '';
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw usage(
      'packs',
      'A web address needs --sha256 with the 64 hexadecimal digits that its offerer names.',
    );
  }
  const request = { url: from, sha256, otherHosts: values['other-hosts'] };
  const { jobId } = unwrap(await models.installFromUrl(request));
  const job = await followJob(session, jobId);
  const installed = unwrap(await models.packs({})).find(({ id }) => id === job.result?.['packId']);
  if (!installed) throw new WorkbenchError('internal', 'The installed pack is not there.');
  return installed;
}

export const packsCommand = defineCommand({
  name: 'packs',
  summary: 'List, verify, install and remove model packs',
  arguments: [
    { name: 'action', help: 'list (default), verify, install or remove', optional: true },
    { name: 'pack', help: 'the pack’s id; to install, its folder, zip or web address', optional: true },
  ],
  options: {
    sha256: {
      type: 'string',
      value: '<hash>',
      help: 'to install from a web address: what the zip’s SHA-256 must be',
    },
    'other-hosts': {
      type: 'boolean',
      help: 'the address may send on to another host, as GitHub and Hugging Face do',
    },
  },
  examples: [
    'packs',
    'packs verify emojiref-small',
    'packs install ~/Downloads/refcocog-large.zip',
    'packs install https://example.org/refcocog-large.zip --sha256 9f2c…',
    'packs remove refcocog-large',
  ],
  async run(session, values, [action = 'list', pack]) {
    const { models } = session.engine.client;
    if (action === 'list') return show(session, unwrap(await models.packs({})));
    if (!['verify', 'install', 'remove'].includes(action)) {
      throw usage('packs', `"${action}" is not something that packs does.`);
    }
    if (pack === undefined) throw usage('packs', `Which pack to ${action} is missing.`);
    if (action === 'verify') return show(session, [unwrap(await models.verify({ packId: pack }))]);
    if (action === 'install') return show(session, [await install(session, pack, values)]);
    unwrap(await models.remove({ packId: pack }));
    session.output.result('removed', { packId: pack });
    session.output.print(`Removed ${pack}.`);
    return 0;
  },
});

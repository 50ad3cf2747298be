import { resolve } from 'node:path';
import { methodNames, plainVariant, providerNames, type PackSummary } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { defineCommand } from './command';
import { formatLatencies, formatPack, formatPacks, type MeasuredVariant } from './packs-text';
import { followJob, unwrap, type Session } from './session';
import { usage } from './usage';

/** One pack in full, several a line each. */
function show({ output }: Session, packs: readonly PackSummary[]): number {
  output.result('packs', packs);
  const [only, another] = packs;
  output.print(only && !another ? formatPack(only) : formatPacks(packs));
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
  const job = await followJob(session, jobId, 'pause');
  const installed = unwrap(await models.packs({})).find(({ id }) => id === job.result?.['packId']);
  if (!installed) throw new WorkbenchError('internal', 'The installed pack is not there.');
  return installed;
}

/** All packs, or one in full, and what runs them. */
async function list(session: Session, packId: string | undefined): Promise<number> {
  const { models } = session.engine.client;
  const packs = unwrap(await models.packs({})).filter(({ id }) => packId === undefined || id === packId);
  if (packId !== undefined && packs.length === 0) throw noSuchPack(packId);
  const { requested, threads, onnxruntime } = unwrap(await models.status({}));
  const { state, reason } = unwrap(await models.tryProvider({ provider: requested }));
  const code = show(session, packs);
  session.output.result('runtime', { requested, state, reason, threads, onnxruntime });
  const name = providerNames[requested];
  const runtime = `onnxruntime ${onnxruntime}, ${threads} threads`;
  session.output.print(
    state === 'available'
      ? `Models run on ${name} (${runtime}).`
      : `Models are set to run on ${name} (${runtime}), which cannot be used: ${reason}`,
  );
  return state === 'available' ? code : 3;
}

function noSuchPack(packId: string): WorkbenchError {
  return new WorkbenchError('not-found', `There is no model pack ${packId}.`, 'See `packs list`.');
}

/**
 * Measures each method of a pack on a picture of the workspace, and keeps the results with the pack: of the variant
 * asked for, else of all, where the methods that a variant changes nothing of are measured once.
 */
async function bench(
  { engine, output }: Session,
  packId: string,
  asked: string | undefined,
): Promise<number> {
  const { models } = engine.client;
  const pack = unwrap(await models.packs({})).find(({ id }) => id === packId);
  if (!pack) throw noSuchPack(packId);
  const measured: MeasuredVariant[] = [];
  for (const { method, available } of pack.methods) {
    if (!available) continue;
    const all = pack.variants.filter(
      ({ name, methods }) => name === plainVariant || methods.includes(method),
    );
    for (const wanted of asked === undefined ? all.map(({ name }) => name) : [asked]) {
      const variant = all.some(({ name }) => name === wanted) ? wanted : plainVariant;
      output.say(`Measuring ${methodNames[method]}${all.length > 1 ? ` as ${variant}` : ''}`);
      measured.push({ variant, ...unwrap(await models.measure({ packId, method, variant: wanted })) });
    }
  }
  output.result('bench', measured);
  output.print(formatLatencies(measured));
  return measured.length > 0 ? 0 : 3;
}

export const packsCommand = defineCommand({
  name: 'packs',
  summary: 'List, verify, install, remove and measure model packs',
  arguments: [
    { name: 'action', help: 'list (default), verify, install, remove or bench', optional: true },
    {
      name: 'pack',
      help: 'the pack’s id (with list: all about it); to install, its folder, zip or web address',
      optional: true,
    },
  ],
  options: {
    sha256: {
      type: 'string',
      value: '<hash>',
      help: 'to install from a web address: what the zip’s SHA-256 must be',
    },
    variant: {
      type: 'string',
      value: '<name>',
      help: 'to measure only this variant of the pack, such as int8; default: all that it has',
    },
    'other-hosts': {
      type: 'boolean',
      help: 'the address may send on to another host, as GitHub and Hugging Face do',
    },
  },
  examples: [
    'packs',
    'packs list emojiref-small',
    'packs verify emojiref-small',
    'packs install ~/Downloads/refcocog-large.zip',
    'packs install https://example.org/refcocog-large.zip --sha256 9f2c…',
    'packs remove refcocog-large',
    'packs bench emojiref-small --threads 2',
    'packs bench emojiref-small --variant int8',
  ],
  async run(session, values, [action = 'list', pack]) {
    const { models } = session.engine.client;
    if (action === 'list') return list(session, pack);
    if (!['verify', 'install', 'remove', 'bench'].includes(action)) {
      throw usage('packs', `"${action}" is not something that packs does.`);
    }
    if (values.variant !== undefined && action !== 'bench') {
      throw usage('packs', '--variant goes with bench.');
    }
    if (pack === undefined) throw usage('packs', `Which pack to ${action} is missing.`);
    if (action === 'verify') return show(session, [unwrap(await models.verify({ packId: pack }))]);
    if (action === 'install') return show(session, [await install(session, pack, values)]);
    if (action === 'bench') return bench(session, pack, values.variant);
    unwrap(await models.remove({ packId: pack }));
    session.output.result('removed', { packId: pack });
    session.output.print(`Removed ${pack}.`);
    return 0;
  },
});

import type { OwnMethodId } from '../../../common/contract';
import { methodDefinitions } from '../methods/registry';
import { hashOf, usedFiles } from './identity';
import type { Pack } from './packs';

/** Everything that decides a method's answers: its files' hashes, how they are fed, its settings. */
export function packHash(pack: Pack, methodId: OwnMethodId): string {
  const used = usedFiles(pack, methodDefinitions[methodId].roleNames);
  return hashOf({ used, settings: pack.manifest.methods[methodId] });
}

/** The contract's `probes`. */
import { ownMethodIds, type contract, type DomainService } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { DecodedImage } from '../imaging/image';
import type { JobQueue } from '../jobs/queue';
import { samRoles } from '../methods/sam';
import type { MethodProvider } from '../models/provider';
import type { RoleName } from '../models/manifest';
import { nameWithVariant } from '../models/variants';
import type { Workspace } from '../workspace/open';
import type { ProbeRequest, ProbeTools } from './probe';

export interface ProbesServiceParts {
  workspace: Workspace;
  jobs: JobQueue;
  emit: Emit;
  provider: MethodProvider;
}

export function createProbesService(parts: ProbesServiceParts): DomainService<typeof contract.probes> {
  const { datasets, probes } = parts.workspace.repositories;
  return {
    list: () => probes.list(),
    start({ datasetId, split, packId, images }) {
      const dataset = datasets.get(datasetId);
      if (!dataset) throw new WorkbenchError('not-found', `There is no dataset ${datasetId}.`);
      const request: ProbeRequest = {
        datasetId,
        split,
        packId: packId ?? parts.provider.defaultPackId(),
        images,
      };
      return {
        jobId: parts.jobs.start('probe', `Probe of ${request.packId} on ${dataset.name}`, request).id,
      };
    },
    remove({ probeId }) {
      probes.remove(probeId);
      parts.emit('data.changed', { what: 'probes', expressionIds: [] });
      return null;
    },
  };
}

export function probeTools(
  { workspace, provider, emit }: Pick<ProbesServiceParts, 'workspace' | 'provider' | 'emit'>,
  decode: (imageId: number) => Promise<DecodedImage>,
): ProbeTools {
  const { probes } = workspace.repositories;
  return {
    images: (request) => probes.images(request),
    decode,
    async pack(packId) {
      const pack = await provider.packs.get(packId);
      const { version, roles } = pack.manifest;
      const name = nameWithVariant(pack.manifest, provider.variantOf(pack));
      const sam = (Object.keys(samRoles) as RoleName[]).every((role) => roles[role]);
      const methods = ownMethodIds.filter((id) => provider.problemOf(pack, id) === null);
      return { name, version, methods, sam };
    },
    // Each picture is looked at once: keeping what is prepared of it would only push out what others need.
    method: (packId, methodId) => provider.freshMethod(packId, methodId),
    segmenter: (packId) => provider.segmenter(packId),
    save(probe) {
      const id = probes.add(probe);
      emit('data.changed', { what: 'probes', expressionIds: [] });
      return id;
    },
  };
}

/** Evidence as it lies in its column: deflated JSON, about a tenth of its size. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Evidence } from '../../../common/contract';
import { fromJson } from './columns';

export function packEvidence(evidence: Evidence): Buffer {
  return deflateRawSync(JSON.stringify(evidence));
}

export function unpackEvidence(packed: Uint8Array): Evidence {
  return fromJson<Evidence>(inflateRawSync(packed).toString('utf8'));
}

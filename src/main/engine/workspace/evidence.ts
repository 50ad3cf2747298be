/** Evidence as it lies in its column: deflated JSON, about a tenth of its size; or JSON as it is where it is short. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Evidence } from '../../../common/contract';
import { fromJson } from './columns';

/** Characters below which deflating saves nothing and takes longer than all else about storing an answer. */
const shortJson = 200;
/** `{`, with which JSON of evidence begins. Deflated it begins otherwise: a stream's first symbol is shifted by three bits. */
const brace = 0x7b;

export function packEvidence(evidence: Evidence): Buffer {
  const json = JSON.stringify(evidence);
  return json.length < shortJson ? Buffer.from(json) : deflateRawSync(json);
}

export function unpackEvidence(packed: Uint8Array): Evidence {
  const json = packed[0] === brace ? packed : inflateRawSync(packed);
  return fromJson<Evidence>(Buffer.from(json).toString('utf8'));
}

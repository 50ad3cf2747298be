/** What the variants of a pack cost and give, method by method. */
import {
  ownMethodIds,
  plainVariant,
  type LatencyMeasurement,
  type MeasuredValue,
  type OwnMethodId,
  type PackSummary,
} from '../../../common/contract';

export interface VariantRow {
  method: OwnMethodId;
  variant: string;
  /** What the makers measured on whole data. */
  accuracy: MeasuredValue | null;
  /** Against the plain variant on the same data, in percentage points; null where that is not known, and for itself. */
  change: number | null;
  /** How many times as fast as the plain variant, by its makers. */
  speed: { factor: number; data: string } | null;
  /** On this machine, the newest. */
  latency: LatencyMeasurement | null;
}

const headline = 'accuracy@0.5';

/** Methods that some variant changes; each with a row for every variant, the plain one first. */
export function variantRows(pack: PackSummary): { method: OwnMethodId; rows: VariantRow[] }[] {
  const changed = new Set(pack.variants.flatMap(({ methods }) => methods));
  return ownMethodIds
    .filter((method) => changed.has(method))
    .map((method) => ({
      method,
      rows: pack.variants
        .filter(({ name, methods }) => name === plainVariant || methods.includes(method))
        .map(({ name, measured, speed, latencies }) => {
          const accuracy = measured.find((value) => value.method === method && isHeadline(value)) ?? null;
          const plain = accuracy && pack.measured.find((value) => isSame(value, accuracy));
          return {
            method,
            variant: name,
            accuracy,
            change: name !== plainVariant && accuracy && plain ? 100 * (accuracy.value - plain.value) : null,
            speed: speed.find((each) => each.method === method) ?? null,
            latency: latencies.find((each) => each.method === method) ?? null,
          };
        }),
    }));
}

/** Parts of the data are named after a comma ("EmojiRef test, category"). */
function isHeadline({ metric, data }: MeasuredValue): boolean {
  return metric === headline && !data.includes(',');
}

function isSame(one: MeasuredValue, other: MeasuredValue): boolean {
  return one.method === other.method && one.metric === other.metric && one.data === other.data;
}

/** "+0.06 points", "no change"; with a real minus sign. */
export function changeWords(points: number): string {
  const rounded = Math.abs(points).toFixed(2);
  if (rounded === '0.00') return 'no change';
  return `${points < 0 ? '−' : '+'}${rounded} points`;
}

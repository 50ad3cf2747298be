/** What `packs` says, as text. */
import {
  methodNames,
  plainVariant,
  type LatencyMeasurement,
  type PackSummary,
} from '../../../common/contract';
import { alignColumns } from '../reports/terminal';

const megabyte = 1_000_000;

/** A line a pack, and below it what keeps it or a method from being used. */
export function formatPacks(packs: readonly PackSummary[]): string {
  if (packs.length === 0)
    return 'There are no model packs. Install one with `packs install <folder, zip or web address>`.';
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

/** What was measured, and of which of the pack's variants. */
export type MeasuredVariant = LatencyMeasurement & { variant: string };

/** A table of stages; each method's own line sums them up, and names the variant where it is not the plain one. */
export function formatLatencies(measured: readonly MeasuredVariant[]): string {
  const [first] = measured;
  if (!first) return 'The pack serves no method.';
  const rows = measured.flatMap(({ method, variant, prepare, ground, stages }) => [
    [
      nameOf(methodNames[method], variant),
      `${prepare.toFixed(1)} ms an image, ${ground.toFixed(1)} ms an expression`,
      '',
    ],
    ...stages.map(({ stage, milliseconds, runtime }) => [
      `  ${stage}`,
      `${milliseconds.toFixed(1)} ms`,
      milliseconds > 0 ? `${Math.round((100 * runtime) / milliseconds)}% inside onnxruntime` : '',
    ]),
  ]);
  const { provider, threads, processor, onnxruntime, repetitions } = first;
  const conditions = `Medians of ${repetitions} on ${provider}, ${threads} threads, ${processor}, onnxruntime ${onnxruntime}.`;
  return `${alignColumns(rows)}\n${conditions}`;
}

function nameOf(method: string, variant: string): string {
  return variant === plainVariant ? method : `${method}, ${variant}`;
}

/** All that is known of one pack. */
export function formatPack(pack: PackSummary): string {
  const { name, version, licence, provenance, leakage, roles, measured } = pack;
  const latencies = pack.variants.flatMap((variant) =>
    newestOfEach(variant.latencies)
      .filter(({ method }) => variant.name === plainVariant || variant.methods.includes(method))
      .map((latency) => ({ variant: variant.name, ...latency })),
  );
  const sections = [
    formatPacks([pack]),
    `${name} ${version}, licence ${licence || 'not stated'}\n${provenance}`.trim(),
    leakage && `Evaluation data seen in training: ${leakage}`,
    alignColumns([
      ['Role', 'file', 'size', 'parameters', 'SHA-256'],
      ...roles.map(({ role, file, bytes, parameters, sha256 }) => [
        role,
        file,
        `${(bytes / megabyte).toFixed(1)} MB`,
        parameters > 0 ? String(parameters) : '–',
        sha256,
      ]),
    ]),
    measured.length > 0 &&
      alignColumns([
        ['Measured by its makers', 'metric', 'value', 'data', 'n'],
        ...measured.map(({ method, metric, value, data, count }) => [
          methodNames[method],
          metric,
          value.toFixed(3),
          data,
          String(count),
        ]),
      ]),
    pack.variants.length > 1 && formatVariants(pack),
    latencies.length > 0
      ? formatLatencies(latencies)
      : `No latency measured here yet: \`packs bench ${pack.id}\`.`,
  ];
  return sections.filter(Boolean).join('\n\n');
}

/** Size of each variant, and what it costs and gives by its makers; below it which one is used. */
function formatVariants({ variants, variant, measured }: PackSummary): string {
  const rows = variants.flatMap(({ name, bytes, methods, measured: own, speed }) => [
    [name, `${(bytes / megabyte).toFixed(1)} MB`],
    ...methods.map((method) => {
      const accuracy = own.find((value) => value.method === method);
      const plain = measured.find(
        ({ method: same, metric, data }) =>
          same === method && metric === accuracy?.metric && data === accuracy.data,
      );
      const factor = speed.find((each) => each.method === method)?.factor;
      return [
        `  ${methodNames[method]}`,
        '',
        factor === undefined ? '' : `${factor.toFixed(2)} times as fast`,
        accuracy?.metric ?? '',
        accuracy ? accuracy.value.toFixed(4) : '',
        accuracy && plain ? plain.value.toFixed(4) : '',
      ];
    }),
  ]);
  const table = alignColumns([
    ['Variant', 'size', 'speed by its makers', 'metric', 'value', `as ${plainVariant}`],
    ...rows,
  ]);
  return `${table}\nUsed unless a run names another: ${variant}.`;
}

/** Of each method what was measured last. */
function newestOfEach(latencies: readonly LatencyMeasurement[]): LatencyMeasurement[] {
  const newest = new Map<string, LatencyMeasurement>();
  for (const latency of latencies) if (!newest.has(latency.method)) newest.set(latency.method, latency);
  return [...newest.values()];
}

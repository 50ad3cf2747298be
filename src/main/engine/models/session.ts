/**
 * Runs the graphs of a pack. With runtime.ts the only file that knows onnxruntime, so that another runtime, or a
 * server, can stand behind `ModelRunner` later.
 */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { providerNames, type ExecutionProvider } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Role, RoleName, TensorRule } from './manifest';
import { hasExternalData } from './onnx-file';
import { createPlaced, requireProvider, runtime, threadsOf, type RuntimeChoice } from './runtime';

export interface FloatTensor {
  readonly type: 'float32';
  readonly dims: readonly number[];
  readonly data: Float32Array;
}
export interface IntegerTensor {
  readonly type: 'int64';
  readonly dims: readonly number[];
  readonly data: BigInt64Array;
}
export type Tensor = FloatTensor | IntegerTensor;
export type Tensors = Readonly<Record<string, Tensor>>;

export interface RunResult {
  readonly outputs: Tensors;
  /** Time spent inside the runtime. */
  readonly milliseconds: number;
}

export interface ModelRunner {
  /** Runs one role's graph. Loads it first where it is not loaded. */
  run(role: RoleName, inputs: Tensors): Promise<RunResult>;
}

/** The pack as the runner sees it. */
export interface GraphSource {
  readonly packId: string;
  role(name: RoleName): Role;
  /** Bytes of a role's file, their hash checked against the manifest's. */
  read(file: string): Promise<Uint8Array>;
}

interface LoadedSession {
  readonly session: InferenceSession;
  readonly choiceKey: string;
  readonly provider: ExecutionProvider;
  /** Some of it runs on the CPU, because the provider lacks operators. */
  readonly partly: boolean;
  running: number;
  replaced: boolean;
}

export class OnnxRunner implements ModelRunner {
  readonly #source: GraphSource;
  readonly #choice: () => RuntimeChoice;
  readonly #sessions = new Map<RoleName, Promise<LoadedSession>>();

  /** `choice` is asked before every run: a changed setting loads the graph anew. */
  constructor(source: GraphSource, choice: () => RuntimeChoice) {
    this.#source = source;
    this.#choice = choice;
  }

  /** Loads roles ahead of their first run, so that what is wrong with them shows now. */
  async load(roles: readonly RoleName[]): Promise<void> {
    for (const role of roles) await this.#loaded(role);
  }

  async run(role: RoleName, inputs: Tensors): Promise<RunResult> {
    const { Tensor: TensorOf } = await runtime();
    const loaded = await this.#loaded(role);
    const feeds: Record<string, OrtTensor> = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      feeds[name] =
        tensor.type === 'float32'
          ? new TensorOf('float32', tensor.data, tensor.dims)
          : new TensorOf('int64', tensor.data, tensor.dims);
    }
    loaded.running += 1;
    try {
      const startedAt = performance.now();
      const results = await loaded.session.run(feeds);
      const milliseconds = performance.now() - startedAt;
      return { outputs: ownTensors(results), milliseconds };
    } catch (error) {
      throw new WorkbenchError(
        'model-damaged',
        `${this.#source.packId}: ${role} failed: ${reason(error)}`,
        'Check the pack on the Models screen.',
        { cause: error },
      );
    } finally {
      loaded.running -= 1;
      await releaseIfIdle(loaded);
    }
  }

  /** Roles whose graphs are loaded, with what each really runs on. */
  async loaded(): Promise<{ role: RoleName; provider: ExecutionProvider; partly: boolean }[]> {
    const found: { role: RoleName; provider: ExecutionProvider; partly: boolean }[] = [];
    for (const [role, promise] of this.#sessions) {
      const [outcome] = await Promise.allSettled([promise]);
      if (outcome?.status === 'fulfilled') {
        const { provider, partly } = outcome.value;
        found.push({ role, provider, partly });
      }
    }
    return found;
  }

  /** Frees every session; those running are freed when they are done. */
  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const outcome of await Promise.allSettled(sessions)) {
      if (outcome.status === 'fulfilled') await retire(outcome.value);
    }
  }

  async #loaded(role: RoleName): Promise<LoadedSession> {
    const choice = this.#choice();
    const key = `${choice.provider}/${threadsOf(choice)}`;
    const present = this.#sessions.get(role);
    if (present) {
      const loaded = await present;
      if (loaded.choiceKey === key) return loaded;
      // Another caller may have replaced it while this one waited.
      if (this.#sessions.get(role) === present) {
        this.#sessions.delete(role);
        await retire(loaded);
      }
      return this.#loaded(role);
    }
    const loading = this.#open(role, choice, key);
    this.#sessions.set(role, loading);
    // What could not be loaded is tried again the next time.
    loading.catch(() => this.#sessions.delete(role));
    return loading;
  }

  async #open(role: RoleName, choice: RuntimeChoice, choiceKey: string): Promise<LoadedSession> {
    await requireProvider(choice.provider);
    const rule = this.#source.role(role);
    const bytes = await this.#source.read(rule.file);
    refuseExternalData(bytes, `${this.#source.packId}: ${rule.file}`);
    const { session, partly } = await this.#create(bytes, rule.file, choice);
    try {
      checkTensors(session.inputMetadata, rule.inputs, `${rule.file}, inputs`);
      checkTensors(session.outputMetadata, rule.outputs, `${rule.file}, outputs`);
    } catch (error) {
      await session.release();
      throw new WorkbenchError(
        'model-damaged',
        `${this.#source.packId}: ${reason(error)}`,
        'The manifest does not describe this file. Get the pack again from where it came from.',
      );
    }
    return { session, choiceKey, provider: choice.provider, partly, running: 0, replaced: false };
  }

  /** On the provider that was asked for, or not at all. */
  async #create(bytes: Uint8Array, file: string, choice: RuntimeChoice) {
    const { InferenceSession: SessionOf } = await runtime();
    try {
      return await createPlaced(choice, (options) => SessionOf.create(bytes, options));
    } catch (error) {
      const { packId } = this.#source;
      // On the CPU every sound graph runs: there it is the file. Elsewhere the provider may be what cannot.
      if (choice.provider === 'cpu') {
        throw new WorkbenchError(
          'model-damaged',
          `${packId}: the runtime refuses ${file}: ${reason(error)}`,
          'Get the pack again from where it came from.',
          { cause: error },
        );
      }
      throw new WorkbenchError(
        'unsupported',
        `${packId}: ${file} cannot be run on ${providerNames[choice.provider]}: ${reason(error)}`,
        'Choose the CPU on the Models screen, or with --provider cpu on the command line.',
        { cause: error },
      );
    }
  }
}

async function retire(loaded: LoadedSession): Promise<void> {
  loaded.replaced = true;
  await releaseIfIdle(loaded);
}

async function releaseIfIdle(loaded: LoadedSession): Promise<void> {
  if (loaded.replaced && loaded.running === 0) await loaded.session.release();
}

/**
 * Copies: what the runtime hands out may lie in memory of its own, and encoded images are kept longer than anything
 * else of a run.
 */
function ownTensors(results: InferenceSession.OnnxValueMapType): Tensors {
  const tensors: Record<string, Tensor> = {};
  for (const [name, { data, dims }] of Object.entries(results)) {
    if (data instanceof Float32Array) tensors[name] = { type: 'float32', dims, data: data.slice() };
    else if (data instanceof BigInt64Array) tensors[name] = { type: 'int64', dims, data: data.slice() };
  }
  return tensors;
}

function refuseExternalData(bytes: Uint8Array, name: string): void {
  let external: boolean;
  try {
    external = hasExternalData(bytes);
  } catch (error) {
    throw new WorkbenchError(
      'model-damaged',
      `${name} is not a whole ONNX file: ${reason(error)}`,
      'Get the pack again from where it came from.',
    );
  }
  if (external) {
    throw new WorkbenchError(
      'refused',
      `${name} keeps weights outside itself, in files that no hash covers.`,
      'Save the model with its weights inside the ONNX file.',
    );
  }
}

function checkTensors(
  metadata: readonly InferenceSession.ValueMetadata[],
  rules: Readonly<Record<string, TensorRule>>,
  where: string,
): void {
  const names = metadata.map(({ name }) => name).sort();
  const expected = Object.keys(rules).sort();
  if (names.join() !== expected.join()) {
    throw new Error(`${where}: the file has ${names.join(', ')}; the manifest says ${expected.join(', ')}.`);
  }
  for (const value of metadata) {
    const rule = rules[value.name];
    const shape = value.isTensor ? value.shape.map((size) => (typeof size === 'number' ? size : -1)) : [];
    const fits =
      rule !== undefined &&
      value.isTensor &&
      value.type === rule.type &&
      shape.length === rule.shape.length &&
      // A graph that takes any size may be used with one; not the other way round.
      shape.every((size, axis) => size === -1 || size === rule.shape[axis]);
    if (!fits) {
      const type = value.isTensor ? value.type : 'no tensor';
      throw new Error(
        `${where}: ${value.name} is ${type} [${shape.join(', ')}]; the manifest says ${rule?.type} [${rule?.shape.join(', ')}].`,
      );
    }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The renderer's way to the contract. Every call of `api` gives the plain value or throws a WorkbenchFailure:
 * a view that shows failures in place catches it, everything else lets it rise to the notices.
 */
import { isRef, toRaw, unref } from 'vue';
import type {
  Contract,
  DomainName,
  EventName,
  InputOf,
  OutputOf,
  WorkbenchEvents,
} from '../../common/contract';
import type { ErrorKind, ErrorValue, Result } from '../../common/errors';

/** A failed call, with everything a person may be told about it. */
export class WorkbenchFailure extends Error {
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly id: string;

  constructor(value: ErrorValue) {
    super(value.message);
    this.name = 'WorkbenchFailure';
    this.kind = value.kind;
    this.hint = value.hint;
    this.id = value.id;
  }
}

/** Whether it is no failure, but what the person asked for. */
export function isCancelled(thrown: unknown): boolean {
  return thrown instanceof WorkbenchFailure && thrown.kind === 'cancelled';
}

export function unwrap<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new WorkbenchFailure(result.error);
}

/** Reactive proxies cannot be cloned into another process; this gives the plain data under them. */
export function toPlain(value: unknown): unknown {
  const raw: unknown = toRaw(isRef(value) ? unref(value) : value);
  if (Array.isArray(raw)) return raw.map(toPlain);
  if (raw !== null && typeof raw === 'object' && Object.getPrototypeOf(raw) === Object.prototype) {
    return Object.fromEntries(Object.entries(raw).map(([key, entry]) => [key, toPlain(entry)]));
  }
  return raw;
}

type ThrowingDomain<Name extends DomainName> = {
  [Call in keyof Contract[Name]]: (
    input: InputOf<Contract[Name][Call]>,
  ) => Promise<OutputOf<Contract[Name][Call]>>;
};
export type ThrowingApi = { [Name in DomainName]: ThrowingDomain<Name> };

type UntypedCalls = Record<string, Record<string, (input: unknown) => Promise<Result<unknown>>>>;

function throwingDomain(domain: string) {
  return new Proxy(Object.create(null) as Record<string, unknown>, {
    get: (_target, name: string) => async (input: unknown) => {
      const calls = window.workbench as unknown as UntypedCalls;
      const call = calls[domain]?.[name];
      if (!call) throw new Error(`The workbench offers no call ${domain}.${name}.`);
      return unwrap(await call(toPlain(input)));
    },
  });
}

/** `api.browse.ids({…})`: the contract's calls as promises that reject. */
export const api = new Proxy(Object.create(null) as ThrowingApi, {
  get: (_target, domain: string) => throwingDomain(domain),
});

/** Listens to an event for as long as the window lives, or until the returned function is called. */
export function listen<Name extends EventName>(
  name: Name,
  listener: (payload: WorkbenchEvents[Name]) => void,
) {
  return window.workbench.on(name, listener);
}

/** Address of an image of the workspace; with a size, its longer side is scaled down to that many pixels. */
export function imageUrl(imageId: number, size?: number): string {
  return `workbench-image://image/${imageId}${size ? `?size=${size}` : ''}`;
}

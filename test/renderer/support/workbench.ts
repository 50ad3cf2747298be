/**
 * What the preload script gives the window, with answers chosen by a test. Inputs are checked against the contract
 * as the real gate does, so that a call the engine would refuse fails here too.
 */
import {
  findCall,
  type Contract,
  type DomainName,
  type EventName,
  type OutputOf,
  type ParsedInputOf,
  type WorkbenchEvents,
} from '../../../src/common/contract';
import { toErrorValue } from '../../../src/common/errors';

export type Answers = {
  [Name in DomainName]?: {
    [Call in keyof Contract[Name]]?: (
      input: ParsedInputOf<Contract[Name][Call]>,
    ) => OutputOf<Contract[Name][Call]> | Promise<OutputOf<Contract[Name][Call]>>;
  };
};

export interface FakeWorkbench {
  /** Every call so far: `browse.ids` with its parsed input. */
  calls: { name: string; input: unknown }[];
  inputsOf(name: string): unknown[];
  emit<Name extends EventName>(name: Name, payload: WorkbenchEvents[Name]): void;
}

type AnyAnswer = (input: unknown) => unknown;

export function offerWorkbench(answers: Answers): FakeWorkbench {
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Map<EventName, Set<(payload: never) => void>>();

  async function answer(domain: string, name: string, input: unknown) {
    try {
      const parsed = findCall(domain, name)?.input.parse(input);
      calls.push({ name: `${domain}.${name}`, input: parsed });
      const found = (answers as Record<string, Record<string, AnyAnswer> | undefined>)[domain]?.[name];
      if (!found) throw new Error(`This test gives no answer to ${domain}.${name}.`);
      return { ok: true, value: await found(parsed) };
    } catch (thrown) {
      return { ok: false, error: toErrorValue(thrown, 'test-id') };
    }
  }

  function domain(name: string) {
    return new Proxy({}, { get: (_target, call: string) => (input: unknown) => answer(name, call, input) });
  }

  const workbench = new Proxy(
    {},
    {
      get: (_target, name: string) =>
        name === 'on'
          ? (event: EventName, listener: (payload: never) => void) => {
              const set = listeners.get(event) ?? new Set();
              listeners.set(event, set.add(listener));
              return () => set.delete(listener);
            }
          : domain(name),
    },
  );
  Object.defineProperty(window, 'workbench', { value: workbench, configurable: true });

  return {
    calls,
    inputsOf: (name) => calls.filter((call) => call.name === name).map((call) => call.input),
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? [])
        (listener as (value: typeof payload) => void)(payload);
    },
  };
}

/**
 * `window.workbench`, made by mapping over the contract: one function a call, and a way to listen to events. The
 * page gets functions only, never Electron's own objects.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { callChannel, eventChannel } from '../common/channels';
import { contract, eventNames } from '../common/contract';

type Listener = (payload: unknown) => void;

const listeners = new Map<string, Set<Listener>>(eventNames.map((name) => [name, new Set()]));

ipcRenderer.on(eventChannel, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

const domains = Object.entries(contract).map(([domain, calls]) => {
  const offered = Object.entries(calls).filter(([, definition]) => !definition.internal);
  const functions = offered.map(([name]) => [
    name,
    (input: unknown) => ipcRenderer.invoke(callChannel, domain, name, input),
  ]);
  return [domain, Object.fromEntries(functions)];
});

contextBridge.exposeInMainWorld('workbench', {
  ...Object.fromEntries(domains),
  on(name: string, listener: Listener) {
    const ofName = listeners.get(name);
    ofName?.add(listener);
    return () => ofName?.delete(listener);
  },
});

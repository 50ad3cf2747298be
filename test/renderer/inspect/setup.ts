/** A fresh window for each test: stores, the fake behind them, and the parts of a browser that jsdom lacks. */
import { createPinia, setActivePinia, type Pinia } from 'pinia';
import { vi } from 'vitest';
import { FakeWorkbench } from './fake-workbench';

class NoResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

export function setUp(): { workbench: FakeWorkbench; pinia: Pinia } {
  localStorage.clear();
  const workbench = new FakeWorkbench();
  Object.defineProperty(window, 'workbench', { value: workbench.api(), configurable: true });
  vi.stubGlobal('ResizeObserver', NoResizeObserver);
  Element.prototype.setPointerCapture ??= () => undefined;
  Element.prototype.scrollIntoView ??= () => undefined;
  HTMLCanvasElement.prototype.getContext = () => null;
  const pinia = createPinia();
  setActivePinia(pinia);
  return { workbench, pinia };
}

/** Lets every promise that is ready, and those that follow from it, run. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 30; round += 1) await Promise.resolve();
}

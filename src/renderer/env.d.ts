import type { WorkbenchApi } from '../common/contract';

declare global {
  interface Window {
    /** Put there by the preload script; the window's only way to anything outside itself. */
    readonly workbench: WorkbenchApi;
  }
}

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Settings } from '../../common/contract';
import { api } from '../api/client';
import { themeChoice } from './theme';

/** The workspace's settings; null until the engine has answered. */
export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings | null>(null);
  /** Why they could not be read. */
  const failure = shallowRef<unknown>(null);

  function accept(value: Settings) {
    settings.value = value;
    themeChoice.value = value.theme;
  }

  async function load() {
    try {
      accept(await api.workspace.settings({}));
      failure.value = null;
    } catch (thrown) {
      failure.value = thrown;
    }
  }

  /** Shows the change at once and takes it back if it could not be kept. */
  async function change(changes: Partial<Settings>) {
    const before = settings.value;
    if (before) accept({ ...before, ...changes });
    try {
      accept(await api.workspace.changeSettings(changes));
    } catch (thrown) {
      if (before) accept(before);
      throw thrown;
    }
  }

  return { settings, failure, load, change };
});

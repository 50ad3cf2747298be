import { defineStore } from 'pinia';
import { ref } from 'vue';
import { api } from '../api/client';
import { useNotices } from './notices';

export const installSources = ['folder', 'zip', 'url'] as const;
export type InstallSource = (typeof installSources)[number];

/** Installing model packs: asks where from, and says how it went. Lists of packs hear of it by the engine's event. */
export const useInstalls = defineStore('installs', () => {
  const notices = useNotices();
  /** A pack from the disk is being installed. */
  const busy = ref(false);
  /** The dialog that asks for an address is open. */
  const asksForUrl = ref(false);

  async function choose(from: 'folder' | 'zip'): Promise<string | null> {
    const { path } =
      from === 'zip'
        ? await api.app.chooseFile({
            title: 'Zip of a model pack',
            filters: [{ name: 'Model pack', extensions: ['zip'] }],
          })
        : await api.app.chooseFolder({ title: 'Folder of a model pack' });
    return path;
  }

  async function install(from: InstallSource) {
    if (from === 'url') {
      asksForUrl.value = true;
      return;
    }
    const path = await choose(from);
    if (path === null) return;
    busy.value = true;
    const pack = await notices.attempt(() => api.models.install({ path }));
    busy.value = false;
    if (pack) notices.push({ tone: 'success', message: `${pack.name} ${pack.version} is installed.` });
  }

  return { busy, asksForUrl, install };
});

/** Model packs, and which variant of each is used. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { PackSummary, Settings } from '../../common/contract';
import { api } from '../api/client';
import { useNotices } from './notices';
import { useSettings } from './settings';

export const usePacks = defineStore('packs', () => {
  const notices = useNotices();
  const settings = useSettings();
  /** null until they were read. */
  const packs = shallowRef<PackSummary[] | null>(null);
  /** The first pack that lets one choose between variants. */
  const withVariants = computed(() => packs.value?.find(({ variants }) => variants.length > 1) ?? null);

  async function load() {
    packs.value = await api.models.packs({});
  }

  /** What changed in one pack, without asking for all. */
  function replace(changed: PackSummary) {
    packs.value = (packs.value ?? []).map((pack) => (pack.id === changed.id ? changed : pack));
  }

  async function keep(packVariants: Settings['packVariants']): Promise<boolean> {
    const done = await notices.attempt(async () => {
      await settings.change({ packVariants });
      await load();
      return true;
    });
    return done ?? false;
  }

  /** What the pack is used with from now on, unless a run names another. The notice takes it back. */
  async function chooseVariant(pack: PackSummary, variant: string) {
    if (variant === pack.variant) return;
    if (settings.settings === null) await settings.load();
    const before = settings.settings?.packVariants ?? {};
    if (!(await keep({ ...before, [pack.id]: variant }))) return;
    notices.push({
      tone: 'success',
      message: `${pack.name} is used as ${variant} from now on.`,
      hint: 'What was predicted stays; the next run with it is a run of its own.',
      action: { label: 'Undo', run: () => void takeBack(pack.id, before[pack.id]) },
    });
  }

  /** `earlier`: undefined where nobody had chosen. Choices for other packs made since then stay. */
  async function takeBack(packId: string, earlier: string | undefined) {
    const others = Object.entries(settings.settings?.packVariants ?? {}).filter(([id]) => id !== packId);
    const own = earlier === undefined ? [] : [[packId, earlier]];
    await keep(Object.fromEntries([...others, ...own]) as Settings['packVariants']);
  }

  /** The variant after the one in use, and after the last the first. */
  async function useNextVariant() {
    const pack = withVariants.value;
    if (!pack) return;
    const names = pack.variants.map(({ name }) => name);
    const next = names[(names.indexOf(pack.variant) + 1) % names.length];
    if (next !== undefined) await chooseVariant(pack, next);
  }

  return { packs, withVariants, load, replace, chooseVariant, useNextVariant };
});

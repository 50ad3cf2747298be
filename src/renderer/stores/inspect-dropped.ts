import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { dropLimits, type HeldImage } from '../../common/contract';
import { api, WorkbenchFailure } from '../api/client';
import { currentScreen, goTo } from '../router';

/** An image that was dropped onto the window: it stands on the stage until one goes back. */
export const useDropped = defineStore('inspect-dropped', () => {
  const held = shallowRef<Omit<HeldImage, 'picture'> | null>(null);
  /** Address of the re-encoded picture, in this window's memory. */
  const source = ref('');
  const isReading = ref(false);
  let sequence = 0;

  /** Hands the file's bytes to the engine; throws what keeps it from being a picture. */
  async function hold(file: File) {
    const own = (sequence += 1);
    if (file.size > dropLimits.bytes) {
      throw new WorkbenchFailure({
        kind: 'too-large',
        message: `${file.name} has ${Math.round(file.size / 1_000_000)} MB; at most ${dropLimits.bytes / 1_000_000} MB can be dropped.`,
        hint: 'Scale the picture down first.',
        id: '',
      });
    }
    isReading.value = true;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { picture, ...image } = await api.dropped.hold({ name: file.name || 'picture', bytes });
      if (own !== sequence) return;
      letGo();
      source.value = URL.createObjectURL(new Blob([new Uint8Array(picture)], { type: image.contentType }));
      held.value = image;
      if (currentScreen() !== 'inspect') await goTo('inspect');
    } finally {
      if (own === sequence) isReading.value = false;
    }
  }

  function letGo() {
    const before = held.value;
    held.value = null;
    if (source.value !== '') URL.revokeObjectURL(source.value);
    source.value = '';
    if (before) void api.dropped.release({ heldId: before.heldId }).catch(() => undefined);
  }

  return { held, source, isReading, hold, letGo };
});

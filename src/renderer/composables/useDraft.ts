/** A field whose text is a draft while it differs from what is committed. */
import { computed } from 'vue';
import { useDrafts } from '../stores/drafts';

/** `key`: the place, such as `note:12`; it may change with what is shown. `saved`: what is committed there. */
export function useDraft(key: () => string, saved: () => string) {
  const drafts = useDrafts();
  return {
    text: computed({
      get: () => drafts.of(key()) ?? saved(),
      set: (text: string) => drafts.put(key(), text, saved()),
    }),
    isUnsaved: computed(() => drafts.of(key()) !== null),
    discard: () => drafts.drop(key()),
  };
}

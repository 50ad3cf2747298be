import { currentScreen } from '../../router';
import { usePacks } from '../../stores/packs';
import { defineAction } from '../action';

/** It has no key: nobody does this often. */
export default defineAction({
  id: 'run.next-variant',
  label: 'Use the next variant of the model pack',
  keys: [],
  group: 'Run',
  when: () => currentScreen() === 'models' && usePacks().withVariants !== null,
  run: () => usePacks().useNextVariant(),
});

import { currentScreen } from '../../router';
import { usePacks } from '../../stores/packs';
import { defineAction } from '../action';

export default defineAction({
  id: 'run.next-variant',
  label: 'Use the next variant of the model pack',
  keys: ['$mod+i v'],
  group: 'Run',
  when: () => currentScreen() === 'models' && usePacks().withVariants !== null,
  run: () => usePacks().useNextVariant(),
});

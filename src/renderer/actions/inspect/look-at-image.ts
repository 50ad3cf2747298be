import { useDropped } from '../../stores/inspect-dropped';
import { useNotices } from '../../stores/notices';
import { defineAction } from '../action';

/** The same as dropping a file, by the system's own dialog: the page gets the file that was chosen and no path. */
function chooseFile(): Promise<File | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'image/*';
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

export default defineAction({
  id: 'inspect.look-at-image',
  label: 'Look at an image file and ask about it',
  keys: ['$mod+o'],
  group: 'Inspect',
  run: async () => {
    const file = await chooseFile();
    if (!file) return;
    await useNotices().attempt(() => useDropped().hold(file));
  },
});

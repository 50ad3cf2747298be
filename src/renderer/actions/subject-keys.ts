/** The keys that stand for the ground truth and each method, on every screen that shows or hides them. */
import type { Subject } from '../composables/useMethodColours';

export const subjectKeys: Record<Subject, string> = {
  'ground-truth': 'Alt+g',
  'yolo-clip': 'Alt+y',
  'blip-sam': 'Alt+s',
  risclip: 'Alt+r',
  imported: 'Alt+i',
};

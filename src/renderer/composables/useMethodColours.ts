/**
 * One look for each method everywhere: colour, dash, letter and name. Colours come from the tokens; the dash
 * and the letter tell the methods apart where colour does not.
 */
import { ref } from 'vue';
import { methodIds, methodNames, type MethodId } from '../../common/contract';

export type Subject = MethodId | 'ground-truth';

export interface SubjectLook {
  name: string;
  /** One letter, for small chips and for pictures. */
  letter: string;
  /** For text, charts and chips; changes with the theme. */
  colour: string;
  /** Background behind `colour`. */
  soft: string;
  /** For lines on pictures; the same in both themes. */
  overlay: string;
  /** SVG stroke-dasharray in screen pixels; empty: a solid line. */
  dash: string;
}

const letters: Record<Subject, string> = {
  'ground-truth': 'G',
  'yolo-clip': 'Y',
  'blip-sam': 'B',
  risclip: 'R',
  imported: 'I',
};
const dashes: Record<Subject, string> = {
  'ground-truth': '',
  'yolo-clip': '10 4',
  'blip-sam': '3 3',
  risclip: '12 3 3 3',
  imported: '2 4',
};

/** What the imported run on the screens calls its method; the store of the runs tells. */
const importedName = ref(methodNames.imported);

export function nameImported(name: string | null): void {
  importedName.value = name ?? methodNames.imported;
}

/** The method's name; of an imported one, that of the run which is shown. */
export function methodName(method: MethodId): string {
  return method === 'imported' ? importedName.value : methodNames[method];
}

export const subjects: readonly Subject[] = ['ground-truth', ...methodIds];

export function lookOf(subject: Subject): SubjectLook {
  return {
    name: subject === 'ground-truth' ? 'Ground truth' : methodName(subject),
    letter: letters[subject],
    colour: `var(--method-${subject})`,
    soft: `var(--method-${subject}-soft)`,
    overlay: `var(--overlay-${subject})`,
    dash: dashes[subject],
  };
}

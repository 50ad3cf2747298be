/** How answers are counted: every choice in words, and which papers count like that. Pure. */
import { evaluationPresets, type EvaluationOptions } from '../../../common/contract';

export type Protocol = Pick<EvaluationOptions, 'unit' | 'comparator' | 'boxes' | 'coverage'>;

interface ProtocolChoice<Name extends keyof Protocol> {
  name: Name;
  label: string;
  /** Why it matters. */
  hint: string;
  options: readonly { value: Protocol[Name]; label: string }[];
}
type AnyProtocolChoice = { [Name in keyof Protocol]: ProtocolChoice<Name> }[keyof Protocol];

export const protocolChoices: readonly AnyProtocolChoice[] = [
  {
    name: 'unit',
    label: 'What counts once',
    hint: 'A referent or an image counts the mean of its expressions.',
    options: [
      { value: 'expression', label: 'Expression' },
      { value: 'referent', label: 'Referent' },
      { value: 'image', label: 'Image' },
    ],
  },
  {
    name: 'comparator',
    label: 'Right at the threshold',
    hint: 'Whether an IoU of exactly the threshold is right.',
    options: [
      { value: '>=', label: 'IoU ≥ t' },
      { value: '>', label: 'IoU > t' },
    ],
  },
  {
    name: 'boxes',
    label: 'Last pixel of a box',
    hint: 'With it, every box is one pixel wider and higher when its IoU is measured.',
    options: [
      { value: 'exclusive', label: 'Not in it' },
      { value: 'inclusive', label: 'In it (+1)' },
    ],
  },
  {
    name: 'coverage',
    label: 'Missing answers',
    hint: 'Leave out what some run has not answered, or count it as wrong.',
    options: [
      { value: 'common', label: 'Left out' },
      { value: 'all', label: 'Count as wrong' },
    ],
  },
];

/** The published ways of counting that these choices are the same as; several print different numbers. */
export function presetsLike(chosen: Protocol): (typeof evaluationPresets)[number][] {
  return evaluationPresets.filter(
    ({ options }) =>
      options.comparator === chosen.comparator &&
      options.unit === chosen.unit &&
      options.boxes === chosen.boxes &&
      options.coverage === chosen.coverage,
  );
}

/** "IoU ≥ t per expression, missing left out" */
export function protocolWords({ unit, comparator, boxes, coverage }: Protocol): string {
  const sign = comparator === '>=' ? '≥' : '>';
  const parts = [`IoU ${sign} t per ${unit}`];
  if (boxes === 'inclusive') parts.push('+1 pixel');
  parts.push(coverage === 'common' ? 'missing left out' : 'missing wrong');
  return parts.join(', ');
}

/**
 * How ground truth and methods look in a report: the values of the application's tokens (styles/tokens.css), copied
 * here once, because a report stands alone. The dash tells the methods apart where colour does not.
 */
import { methodNames, type MethodId } from '../../../common/contract';

export type Subject = MethodId | 'ground-truth';

export interface Look {
  name: string;
  /** For text and charts on a light and on a dark page. */
  light: string;
  dark: string;
  /** For lines on pictures. */
  overlay: string;
  /** SVG stroke-dasharray; empty: a solid line. */
  dash: string;
  /** The line in words. */
  words: string;
}

export const looks: Record<Subject, Look> = {
  'ground-truth': {
    name: 'Ground truth',
    light: '#0a794e',
    dark: '#4bd39a',
    overlay: '#2fd08a',
    dash: '',
    words: 'green, solid',
  },
  'yolo-clip': {
    name: methodNames['yolo-clip'],
    light: '#0a66c2',
    dark: '#6fb7ff',
    overlay: '#3da2ff',
    dash: '10 4',
    words: 'blue, long dashes',
  },
  'blip-sam': {
    name: methodNames['blip-sam'],
    light: '#a04b00',
    dark: '#ffac56',
    overlay: '#ff9b2f',
    dash: '3 3',
    words: 'orange, short dashes',
  },
  risclip: {
    name: methodNames.risclip,
    light: '#b3268c',
    dark: '#f78ad6',
    overlay: '#f25fc6',
    dash: '12 3 3 3',
    words: 'pink, dashes and dots',
  },
  imported: {
    name: methodNames.imported,
    light: '#5f3dc4',
    dark: '#b8a5ff',
    overlay: '#b794ff',
    dash: '2 4',
    words: 'violet, dots',
  },
};

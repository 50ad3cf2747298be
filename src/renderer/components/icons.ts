/**
 * The one icon set: paths on a grid of 16, drawn as lines of 1.5 with round ends. An icon means one thing only;
 * add a path here rather than drawing in a view.
 */
function circle(x: number, y: number, radius: number): string {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

export const icons = {
  // Screens.
  browse: 'M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z',
  inspect: `M2 5V3a1 1 0 0 1 1-1h2M11 2h2a1 1 0 0 1 1 1v2M14 11v2a1 1 0 0 1-1 1h-2M5 14H3a1 1 0 0 1-1-1v-2${circle(8, 8, 2.75)}`,
  evaluate: 'M2 13.75h12M4.25 11V8M8 11V2.75M11.75 11V5.5',
  report: 'M4 1.75h5.25L13 5.5v8.75H3.5V1.75zM9.25 1.75V5.5H13M5.75 8.5h4.75M5.75 11.25h4.75',
  datasets:
    'M8 1.75c3 0 5.25.85 5.25 2S11 5.75 8 5.75s-5.25-.85-5.25-2S5 1.75 8 1.75zM2.75 3.75v8.5c0 1.15 2.25 2 5.25 2s5.25-.85 5.25-2v-8.5M2.75 8c0 1.15 2.25 2 5.25 2s5.25-.85 5.25-2',
  models: 'M8 1.5l5.6 3.1v6.8L8 14.5l-5.6-3.1V4.6zM2.6 4.7L8 7.75l5.4-3.05M8 7.75v6.5',
  jobs: 'M1.5 8h3l2-4.75 3.25 9.5L11.75 8h2.75',
  settings: `M1.75 4.75h6.5M12.75 4.75h1.5M1.75 11.25h1.5M7.75 11.25h6.5${circle(10.5, 4.75, 2)}${circle(5.5, 11.25, 2)}`,
  // Pointing and moving.
  'arrow-left': 'M13 8H3M7 4L3 8l4 4',
  'arrow-right': 'M3 8h10M9 4l4 4-4 4',
  'arrow-up': 'M8 13V3M4 7l4-4 4 4',
  'arrow-down': 'M8 3v10M4 9l4 4 4-4',
  'chevron-left': 'M10 3.5L5.5 8l4.5 4.5',
  'chevron-right': 'M6 3.5L10.5 8 6 12.5',
  'chevron-up': 'M3.5 10L8 5.5l4.5 4.5',
  'chevron-down': 'M3.5 6L8 10.5 12.5 6',
  'chevrons-vertical': 'M5 6l3-3 3 3M5 10l3 3 3-3',
  external: 'M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9.5v4h-9v-9h4',
  // Doing.
  search: `${circle(7, 7, 4.5)}M10.5 10.5L14 14`,
  filter: 'M2 3.25h12M4.25 8h7.5M6.5 12.75h3',
  'sort-ascending': 'M4.5 13V3M2 5.5L4.5 3 7 5.5M9 4h2M9 8h3.5M9 12h5',
  'sort-descending': 'M4.5 3v10M2 10.5L4.5 13 7 10.5M9 4h5M9 8h3.5M9 12h2',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M3.75 3.75l8.5 8.5M12.25 3.75l-8.5 8.5',
  check: 'M3 8.5l3.25 3.25L13 4.75',
  edit: 'M10.5 2.75l2.75 2.75-8 8H2.5v-2.75zM8.75 4.5l2.75 2.75',
  trash: 'M2.75 4.25h10.5M6 4V2.5h4V4M4.25 4.25l.6 9.25h6.3l.6-9.25M6.75 7v4M9.25 7v4',
  undo: 'M5.5 2.75L2.5 5.75l3 3M2.75 5.75h6.5a4 4 0 0 1 0 8H6',
  redo: 'M10.5 2.75l3 3-3 3M13.25 5.75h-6.5a4 4 0 0 0 0 8H10',
  refresh: 'M13.25 8a5.25 5.25 0 1 1-1.6-3.75M13.5 1.75v3h-3',
  copy: 'M5.75 5.75h7.75v7.75H5.75zM10.25 5.5v-3H2.5v7.75h3',
  play: 'M4.5 2.75l8.25 5.25-8.25 5.25z',
  pause: 'M5 3v10M11 3v10',
  stop: 'M3.75 3.75h8.5v8.5h-8.5z',
  predict: 'M8 1.75l1.55 4.7L14.25 8l-4.7 1.55L8 14.25 6.45 9.55 1.75 8l4.7-1.55zM13 1.75v2.5M11.75 3h2.5',
  import: 'M8 2v8M4.75 7L8 10.25 11.25 7M2.5 10.5v3h11v-3',
  export: 'M8 10.25V2.25M4.75 5.25L8 2l3.25 3.25M2.5 10.5v3h11v-3',
  more: `${circle(3.25, 8, 0.5)}${circle(8, 8, 0.5)}${circle(12.75, 8, 0.5)}`,
  palette: `M8 2a6 6 0 1 0 0 12c1.25 0 1.6-.95 1.1-1.75-.6-1 .1-2 1.25-2h1.4C13.1 10.25 14 9.2 14 8c0-3.4-2.7-6-6-6z${circle(5, 7.5, 0.5)}${circle(8, 5, 0.5)}${circle(11, 7, 0.5)}`,
  'zoom-in': `${circle(7, 7, 4.5)}M10.5 10.5L14 14M7 5v4M5 7h4`,
  'zoom-out': `${circle(7, 7, 4.5)}M10.5 10.5L14 14M5 7h4`,
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  'actual-size': 'M2.5 5L4.5 3.5v9M10 5l2-1.5v9M7.75 6.25v.1M7.75 9.75v.1',
  // Things.
  folder: 'M1.75 3.25h4.5l1.5 2h6.5v7.75H1.75z',
  file: 'M4 1.75h5.25L13 5.5v8.75H3.5V1.75zM9.25 1.75V5.5H13',
  image: `M2 2.75h12v10.5H2zM2.25 11.5l3.5-3.25 2.75 2.5 2.5-2 2.75 2.5${circle(5.5, 5.75, 0.9)}`,
  text: 'M3 4V2.75h10V4M8 2.75v10.5M6 13.25h4',
  layers: 'M8 2l6.25 3.25L8 8.5 1.75 5.25zM1.75 8L8 11.25 14.25 8M1.75 10.75L8 14l6.25-3.25',
  box: 'M3 3.5h10v9H3z',
  mask: 'M3.5 5c1-2.5 4-3 6-1.75s4 2 3.5 5-3 5-5.5 4.75S2 10.5 2.25 8.5c.1-1 .75-2 1.25-3.5z',
  points: `${circle(4, 11.5, 1.5)}${circle(8, 4.5, 1.5)}${circle(12.25, 9.5, 1.5)}`,
  heat: 'M8 1.75c.5 2.75 4.25 4 4.25 7.75a4.25 4.25 0 0 1-8.5 0c0-1.75 1-2.75 1.75-3.75.5 1 1 1.5 1.75 1.75C7 5.5 7 3.5 8 1.75z',
  target: `${circle(8, 8, 5.75)}${circle(8, 8, 2.25)}`,
  tag: `M2.25 2.25h5.5l6 6-5.5 5.5-6-6z${circle(5.1, 5.1, 0.6)}`,
  flag: 'M3.5 14.25V2.5M3.5 3h8.75l-2 2.75 2 2.75H3.5',
  history: 'M2.5 8a5.5 5.5 0 1 0 1.75-4M2.25 2.25v3h3M8 5v3.25l2.25 1.5',
  clock: `${circle(8, 8, 6)}M8 4.75V8l2.25 1.75`,
  lock: 'M3.5 7.25h9v6.5h-9zM5.25 7V5a2.75 2.75 0 0 1 5.5 0v2',
  shield: 'M8 1.75l5 1.75v4c0 3.25-2 5.5-5 6.75-3-1.25-5-3.5-5-6.75v-4zM5.75 8l1.6 1.6L10.5 6.4',
  processor:
    'M4 4h8v8H4zM6.5 6.5h3v3h-3zM6 1.5V4M10 1.5V4M6 12v2.5M10 12v2.5M1.5 6H4M1.5 10H4M12 6h2.5M12 10h2.5',
  keyboard: 'M1.75 4h12.5v8.5H1.75zM4.25 6.75h.1M7 6.75h.1M9.75 6.75h.1M12 6.75h.1M5 9.75h6',
  compare: 'M8 1.75v12.5M6 3.5H2v9h4M10 3.5h4v9h-4',
  swipe: 'M2 3h12v10H2zM8 1.5v13M5.75 6.5L4 8l1.75 1.5M10.25 6.5L12 8l-1.75 1.5',
  list: 'M5.5 3.75H14M5.5 8H14M5.5 12.25H14M2 3.75h.5M2 8h.5M2 12.25h.5',
  bolt: 'M9 1.5L3.25 9H7.5L7 14.5 12.75 7H8.5z',
  // Seeing.
  eye: `M1.5 8c1.6-2.9 3.8-4.25 6.5-4.25S12.9 5.1 14.5 8c-1.6 2.9-3.8 4.25-6.5 4.25S3.1 10.9 1.5 8z${circle(8, 8, 2)}`,
  'eye-off':
    'M2 2l12 12M6.25 4c.55-.15 1.15-.25 1.75-.25 2.7 0 4.9 1.35 6.5 4.25-.6 1.1-1.3 2-2.1 2.65M10 11.9a7 7 0 0 1-2 .35C5.3 12.25 3.1 10.9 1.5 8c.7-1.25 1.5-2.25 2.45-2.95',
  sun: `${circle(8, 8, 2.75)}M8 1.25v1.5M8 13.25v1.5M1.25 8h1.5M13.25 8h1.5M3.25 3.25l1 1M11.75 11.75l1 1M12.75 3.25l-1 1M4.25 11.75l-1 1`,
  moon: 'M13.5 9.5A5.75 5.75 0 1 1 6.5 2.5a4.75 4.75 0 0 0 7 7z',
  // Saying.
  information: `${circle(8, 8, 6)}M8 7.5v3.5M8 5v.1`,
  warning: 'M8 2.25L14.5 13.5h-13zM8 6.5v3.25M8 11.6v.1',
  error: `${circle(8, 8, 6)}M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2`,
  success: `${circle(8, 8, 6)}M5.25 8.25l2 2 3.5-4`,
  question: `${circle(8, 8, 6)}M6.1 6.25a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.7.55-.7 1.2M8 11.2v.1`,
} as const satisfies Record<string, string>;

export type IconName = keyof typeof icons;

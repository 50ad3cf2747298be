/** What the pointer does on the picture beside keys, for the cheat sheet. */
export const mouseGestures: readonly { what: string; how: string }[] = [
  { what: 'Zoom', how: 'wheel, pinch' },
  { what: 'Move the picture', how: 'drag; Space + drag; middle button' },
  { what: 'Choose among overlapping objects', how: 'click again' },
  { what: 'Draw, move or resize the box', how: 'drag beside, inside, at a handle' },
  { what: 'Let the box’s edges not snap', how: 'Alt while dragging' },
  { what: 'SAM: take in, leave out', how: 'click, right click or Alt + click' },
  { what: 'SAM: a box around it', how: 'drag' },
  { what: 'Brush and eraser: the other one', how: 'right button or Alt' },
  { what: 'Brush and eraser: size', how: 'Shift + wheel' },
  { what: 'Polygon: move a corner', how: 'drag it' },
  { what: 'Polygon: one more corner on an edge', how: 'Shift + click or drag' },
  { what: 'Polygon: one corner less', how: 'Alt + click' },
  { what: 'Polygon: close', how: 'first corner, double or right click' },
];

/** Takes a chart off the screen: its marks with the light theme's colours written into them, and pictures of that. */
import { chartDocument, type ChartKey, type ChartParts } from './chart-document';

/** What a style sheet says that other programs need as attributes. */
const styled = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;
/** Of the window, not of the chart: names for screen readers, places to point at, hooks of the style sheet. */
const ofTheWindow = /^(class|style|role|tabindex|focusable|aria-.*|data-.*)$/;

const plainValues: Record<string, string> = {
  'fill-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  opacity: '1',
  'font-weight': '400',
  'text-anchor': 'start',
};

function styleInto(element: Element) {
  const computed = getComputedStyle(element);
  for (const name of styled) {
    const value = computed.getPropertyValue(name);
    if (value === '' || value === plainValues[name]) continue;
    if (name === 'stroke-width' && computed.getPropertyValue('stroke') === 'none') continue;
    element.setAttribute(name, value);
  }
}

/**
 * The content of an svg element as it looks in the light theme. What has the class `target` (room to point at) or
 * `screen-only` is left out.
 */
export function marksOf(svg: SVGSVGElement): string {
  const host = document.createElement('div');
  // The tokens of the theme hold below any element that names it.
  host.dataset['theme'] = 'light';
  host.style.cssText = 'position: absolute; left: -100000px; width: 0; height: 0; overflow: hidden;';
  const copy = svg.cloneNode(true) as SVGSVGElement;
  host.append(copy);
  svg.parentElement?.append(host);
  try {
    for (const element of copy.querySelectorAll('.target, .screen-only')) element.remove();
    const elements = [...copy.querySelectorAll('*')];
    for (const element of elements) styleInto(element);
    for (const element of elements) {
      for (const name of element.getAttributeNames()) {
        if (ofTheWindow.test(name)) element.removeAttribute(name);
      }
    }
    const serializer = new XMLSerializer();
    return [...copy.children]
      .map((child) =>
        serializer.serializeToString(child).replaceAll(' xmlns="http://www.w3.org/2000/svg"', ''),
      )
      .join('');
  } finally {
    host.remove();
  }
}

/** The value of a CSS colour in the light theme, as other programs know it. */
export function lightColour(colour: string, beside: Element): string {
  const probe = document.createElement('span');
  const host = document.createElement('div');
  host.dataset['theme'] = 'light';
  host.hidden = true;
  probe.style.color = colour;
  host.append(probe);
  beside.append(host);
  const value = getComputedStyle(probe).color;
  host.remove();
  return value;
}

/** The document of a chart that is on the screen. */
export function documentOf(
  svg: SVGSVGElement,
  parts: Pick<ChartParts, 'title' | 'caption' | 'keys'>,
): string {
  const beside = svg.parentElement ?? svg;
  const keys = parts.keys.map((key): ChartKey => ({ ...key, colour: lightColour(key.colour, beside) }));
  const { width, height } = svg.getBoundingClientRect();
  const size = {
    width: Math.round(Number(svg.getAttribute('width')) || width),
    height: Math.round(Number(svg.getAttribute('height')) || height),
  };
  return chartDocument({ ...parts, keys, ...size, marks: marksOf(svg) });
}

/** PNG of an SVG document as base64, at so many pixels for each of the chart's own. */
export async function pngOf(document_: string, scale = 3): Promise<string> {
  const picture = new Image();
  const address = URL.createObjectURL(new Blob([document_], { type: 'image/svg+xml' }));
  try {
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.naturalWidth * scale);
    canvas.height = Math.round(picture.naturalHeight * scale);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
  } finally {
    URL.revokeObjectURL(address);
  }
}

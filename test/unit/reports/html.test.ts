import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reportHtml, reportPolicy } from '../../../src/main/engine/reports/html';
import { looks } from '../../../src/main/engine/reports/looks';
import { parseHtml, type ParsedElement } from './parsed';
import { sampleReport } from './sample';

/** What a report may consist of; anything else got in through a text. */
const elements = new Set(
  'html head meta title style body main header section footer h1 h2 h3 h4 p small b ul li dl dt dd code div span figure figcaption image use table thead tbody tr th td svg g line rect circle path text title'.split(
    ' ',
  ),
);
const attributes = new Set(
  'lang charset http-equiv content name class scope colspan id width height viewBox transform role aria-label aria-hidden tabindex x y x1 x2 y1 y2 cx cy r d text-anchor preserveAspectRatio'.split(
    ' ',
  ),
);

/** Nothing active, nothing from outside, nothing that the report does not draw itself. */
function expectHarmless(document: ParsedElement): void {
  const strange: string[] = [];
  for (const element of document.querySelectorAll('*')) {
    if (!elements.has(element.localName)) strange.push(`<${element.localName}>`);
    for (const { name, value } of element.attributes) {
      const isFine =
        name === 'href'
          ? /^(data:image\/(jpeg|webp);base64,[A-Za-z0-9+/=]+|#\w+-\d+)$/.test(value)
          : attributes.has(name);
      if (!isFine) strange.push(`${element.localName} ${name}="${value}"`);
    }
  }
  expect(strange).toEqual([]);
  expect(document.querySelectorAll('style')).toHaveLength(1);
  expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toBe(reportPolicy);
}

describe('a report', () => {
  const document = parseHtml(reportHtml(sampleReport()));

  it('carries a policy that allows its own style, its pictures, and nothing else', () => {
    const style = document.querySelector('style')?.textContent ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(reportPolicy).toBe(`default-src 'none'; img-src data:; style-src 'sha256-${hash}'`);
    expect(style).not.toMatch(/url\(|@import/);
    expectHarmless(document);
  });

  it('hides nothing on paper: the long table of categories is whole, by keyboard on a screen too', () => {
    const style = document.querySelector('style')?.textContent ?? '';
    expect(style).not.toMatch(/display: none|visibility: hidden/);
    expect(style.replace(/@media screen \{(?:[^{}]|\{[^{}]*\})*\}/, '')).not.toContain('max-height');
    const region = document.querySelector('[role=region]');
    expect(region?.getAttribute('tabindex')).toBe('0');
    expect(region?.getAttribute('aria-label')).toMatch(/^Acc@0\.5 by category/);
    expect(region?.querySelectorAll('tbody tr').length).toBeGreaterThan(1);
  });

  it('says beside each section’s numbers by what protocol they were measured', () => {
    const lines = [...document.querySelectorAll('.protocol')].map(({ textContent }) => textContent);
    expect(lines).toHaveLength(5);
    for (const line of lines) {
      expect(line).toBe(
        'Cats, test split; ground truth: revision 3 (2 expressions corrected); IoU >= threshold, no +1; what every method has answered; each expression counts once.',
      );
    }
  });

  it('says in words what was found', () => {
    const words = document.querySelector('.lead')?.textContent ?? '';
    expect(words).toMatch(/YOLO\+CLIP finds the referent for \d/);
    expect(words).toMatch(/of 40 expressions on 10 images/);
    expect(words).toMatch(/Choosing at random among the objects of the right category would find 50\.0%/);
  });

  it('prints the protocol and what the numbers are pinned to', () => {
    const terms = [...document.querySelectorAll('dl')].map((list) => list.textContent ?? '').join('\n');
    for (const part of [
      'IoU >= threshold, no +1',
      'f00d',
      'abc',
      'a photo of {}',
      'cpu',
      'onnxruntime 1.30.0',
      '0.1.0',
    ]) {
      expect(terms).toContain(part);
    }
    expect(terms).toContain('revision 3 (2 expressions corrected)');
    expect(terms).toContain('Expressions that every method has answered');
  });

  it('has every metric with intervals, the chance level beside the kinds, and comparisons', () => {
    const [results, kinds] = [...document.querySelectorAll('table')].map((table) => table.textContent ?? '');
    for (const metric of [
      'Acc@0.5',
      'Acc@0.75',
      'mIoU',
      'Mask oIoU',
      'Mask P@0.9',
      'Proposal recall',
      'Pointing',
    ]) {
      expect(results).toContain(metric);
    }
    expect(kinds).toMatch(/Chance[\s\S]*category[\s\S]*50\.0/);
    expect(document.querySelectorAll('.verdict')).toHaveLength(3);
    expect(document.querySelectorAll('svg.chart')).toHaveLength(6);
    expect(document.querySelectorAll('svg.histogram rect.bar')).toHaveLength(60);
  });

  it('draws ground truth and answers over the pictures, and says where a picture is missing', () => {
    const figures = [...document.querySelectorAll('figure')];
    expect(figures).toHaveLength(3);
    const [all, yolo, blip, risclip] = figures[0]?.querySelectorAll('svg.picture') ?? [];
    expect(all?.querySelectorAll('rect.box')).toHaveLength(3);
    expect(all?.querySelector('rect.ground-truth.box')?.getAttribute('width')).toBe('30');
    expect(all?.querySelectorAll('path.mask.ground-truth')).toHaveLength(1);
    expect(yolo?.querySelectorAll('rect.proposal:not(.below)')).toHaveLength(1);
    expect(yolo?.querySelector('rect.box.yolo-clip')).toBeNull();
    for (const [view, method] of [
      [blip, 'blip-sam'],
      [risclip, 'risclip'],
    ] as const) {
      expect(view?.querySelectorAll('image.map')).toHaveLength(1);
      expect(view?.querySelectorAll(`path.mask.${method}`)).toHaveLength(1);
      expect(view?.querySelectorAll(`rect.box.${method}`)).toHaveLength(1);
      // The picture is in the page once: the other views draw the first one's.
      const drawn = view?.querySelector('use')?.getAttribute('href') ?? '';
      expect(all?.querySelector(`image${drawn}`)).not.toBeNull();
    }
    expect(blip?.querySelectorAll('path.point')).toHaveLength(1);
    expect(figures[0]?.textContent).toContain('nothing found');
    expect(figures[1]?.textContent).toContain('The file is missing.');
  });

  it('is the same for the same input', { timeout: 30_000 }, () => {
    expect(reportHtml(sampleReport())).toBe(reportHtml(sampleReport()));
    const later = sampleReport();
    later.evaluation.computedAt = '2027-01-02T03:04:00.000Z';
    const stamp = /25 November 2026, 01:20 UTC|2 January 2027, 03:04 UTC/g;
    expect(reportHtml(later).replace(stamp, '')).toBe(reportHtml(sampleReport()).replace(stamp, ''));
  });

  it('has no examples, pairs or kinds where there are none', { timeout: 30_000 }, () => {
    const contents = {
      ...sampleReport(),
      deviations: [],
      errors: [],
      agreement: null,
      corrections: null,
      correctionsMade: [],
    };
    contents.examples = { chosen: [], worst: [], disagreed: [], best: [] };
    contents.evaluation.pairs = [];
    contents.evaluation.runs = contents.evaluation.runs
      .slice(0, 1)
      .map((run) => ({ ...run, byKind: [], byCategory: [] }));
    const small = parseHtml(reportHtml(contents));
    expect(
      [...small.querySelectorAll('h2')].map((heading) => heading.firstChild?.textContent?.trim()),
    ).toEqual([
      'Results',
      'How good the boxes are',
      'Accuracy',
      'Protocol',
      'Data',
      'Methods and models',
      'Environment',
    ]);
    expectHarmless(small);
  });
});

describe('text stays text', () => {
  const attacks = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '</style><script>alert(1)</script>',
    '</title><svg onload=alert(1)>',
    '<!-- ',
    '--><script>',
    ']]><iframe srcdoc="x">',
    '&lt;script&gt;',
    '\0<a href=javascript:alert(1)>',
    '<meta http-equiv=refresh content=0>',
    '\ud800 \u202e <b>',
  ];

  it.each(attacks)(
    '%j',
    (attack) => {
      const document = parseHtml(reportHtml(sampleReport((where) => where + attack)));
      expectHarmless(document);
      const shown = attack.replace(/[\0\ud800]/g, '\ufffd');
      expect(document.querySelector('h1')?.textContent).toBe(`A report${shown}`);
      expect(document.querySelector('.expression')?.textContent).toBe(`the cat${shown}`);
      expect(document.querySelector('svg.picture')?.getAttribute('aria-label')).toBe(
        `Picture for: the cat${shown}`,
      );
    },
    30_000,
  );

  it('whatever it is', () => {
    const pieces = fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary', maxLength: 12 }));
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
        expectHarmless(parseHtml(reportHtml(sampleReport((where) => where + parts.join('')))));
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});

it('has the colours of the application', () => {
  const tokens = readFileSync('src/renderer/styles/tokens.css', 'utf8');
  const [lightPart = '', darkPart = ''] = tokens.split("[data-theme='dark']");
  for (const [subject, look] of Object.entries(looks)) {
    expect(lightPart).toContain(`--method-${subject}: ${look.light};`);
    expect(darkPart).toContain(`--method-${subject}: ${look.dark};`);
    expect(lightPart).toContain(`--overlay-${subject}: ${look.overlay};`);
  }
});

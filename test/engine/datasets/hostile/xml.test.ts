/** Pascal VOC files that nobody should have written. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support';
import { picture, refused, taken } from './support';

const annotation = (inner: string, head = '') =>
  `${head}<annotation><filename>a.png</filename>${inner}</annotation>`;
const object = (box: string, more = '') =>
  `<object><name>dog</name><bndbox>${box}</bndbox><expression>the dog</expression>${more}</object>`;
const whole = object('<xmin>2</xmin><ymin>3</ymin><xmax>10</xmax><ymax>12</ymax>');
const voc = (xml: string) => ({ 'Annotations/a.xml': xml, 'JPEGImages/a.png': picture });

const laughs = Array.from(
  { length: 9 },
  (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
).join('');

describe('VOC', () => {
  it.each([
    [
      'entities that grow',
      annotation('&l9;', `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]>`),
      'refused',
      /document type/,
    ],
    [
      'an entity that is a file',
      annotation('&x;', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      'refused',
      /document type/,
    ],
    [
      'a document type elsewhere',
      annotation('', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">'),
      'refused',
      /type/,
    ],
    ['an entity of nobody', annotation('<x>&secret;</x>'), 'unreadable', /&secret; is no entity/],
    ['a document type inside', annotation('<!DOCTYPE a>'), 'unreadable', /name is missing/],
    ['100,000 elements in each other', annotation('<a>'.repeat(100_000)), 'refused', /32 deep/],
    ['300,000 elements', annotation('<a/>'.repeat(300_000)), 'refused', /200000 elements/],
    ['a file cut off', annotation(whole).slice(0, -30), 'unreadable', /Line 1/],
    ['a character beyond Unicode', annotation('<x>&#x110000;</x>'), 'unreadable', /no entity/],
    ['an attribute without end', annotation('<x y="never>'), 'unreadable', /quotation marks/],
  ] as const)('refuses %s', async (_name, xml, kind, message) => {
    await refused(voc(xml), 'voc', { kind, message });
  });

  it('does not read a file of 17 MB', async () => {
    await refused(voc(annotation(`<!--${' '.repeat(17_000_000)}-->`)), 'voc', {
      kind: 'too-large',
      message: /larger than any/,
    });
  });

  it('takes the rest where one of several is hostile', async () => {
    const { found, rejected } = await taken(
      { ...voc(annotation(whole)), 'Annotations/b.xml': annotation('<a>'.repeat(1_000)) },
      'voc',
    );
    expect(found).toMatchObject({ expressions: 1, rejectedCount: 1 });
    expect(rejected).toEqual(['not-well-formed: b.xml']);
  });

  it('says what is wrong with each box', async () => {
    const box = (sides: string[]) =>
      object(['xmin', 'ymin', 'xmax', 'ymax'].map((name, at) => `<${name}>${sides[at]}</${name}>`).join(''));
    const { found, rejected, repaired } = await taken(
      voc(
        annotation(
          [
            ['2', '3', '10', '12'],
            ['NaN', '3', '10', '12'],
            ['2', '3', '1e999', '12'],
            ['', '3', '10', '12'],
            ['20', '3', '10', '12'],
            ['900', '900', '910', '912'],
            ['-50', '3', '10', '12'],
          ]
            .map(box)
            .join(''),
        ),
      ),
      'voc',
    );
    expect(found.expressions).toBe(2);
    expect(rejected.filter((line) => !line.startsWith('referent-rejected'))).toEqual([
      'not-well-formed: a.xml object 2',
      'not-well-formed: a.xml object 3',
      'not-well-formed: a.xml object 4',
      'box-empty: a.xml object 5',
      'box-outside: a.xml object 6',
    ]);
    expect(repaired).toEqual(['box-clipped: a.xml object 7']);
  });

  it('reads no image outside the folder', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret.png'), await picture);
    const { found, rejected } = await taken(
      voc(annotation(whole).replace('a.png', `../../${outside.split('/').at(-1)}/secret.png`)),
      'voc',
    );
    expect(found.expressions).toBe(0);
    expect(rejected).toContain('image-outside: a.xml');
  });
});

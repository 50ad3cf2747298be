import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureLabels, methodIds, outcomes, reviewStates } from '../../../src/common/contract';
import { wrongTypes } from '../../../src/common/query/language';
import { completeQuery } from '../../../src/common/query/complete';
import {
  emptyFilter,
  noCondition,
  textOfTerms,
  textTerms,
  type FilterState,
} from '../../../src/common/query/filter';
import { parseQuery } from '../../../src/common/query/parse';
import { printQuery } from '../../../src/common/query/print';

const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', 'disagree', 'a b', 'x,y', '"', '\\', 'split:test', '@a', 'length>5', 'Straße', '左'),
);
const values = fc.uniqueArray(value, { maxLength: 4 });
const share = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs);
const condition = fc.record({
  outcome: fc.option(fc.constantFrom(...outcomes)),
  errors: fc.uniqueArray(fc.constantFrom(...wrongTypes)),
  iouFrom: share,
  iouTo: share,
  openFrom: fc.boolean(),
  openTo: fc.boolean(),
});
const length = fc.option(fc.nat(99));
const filters: fc.Arbitrary<FilterState> = fc.record({
  text: fc.array(value, { maxLength: 4 }).map(textOfTerms),
  splits: values,
  kinds: values,
  categories: values,
  reviewStates: fc.uniqueArray(fc.constantFrom(...reviewStates)),
  failureLabels: fc.uniqueArray(fc.constantFrom(...failureLabels.map(({ id }) => id as string))),
  corrected: fc.option(fc.boolean()),
  methods: fc.record(Object.fromEntries(methodIds.map((method) => [method, condition]))),
  disagreement: fc.boolean(),
  lengthFrom: length,
  lengthTo: length,
  attributes: fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
    { maxKeys: 3, noNullPrototype: true },
  ),
  examples: fc.constant(null),
}) as never;

describe('a filter and its query', () => {
  it('are the same thing twice', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseQuery(printQuery(filter))).toEqual({ filter, problems: [] });
      }),
      { numRuns: 400 },
    );
  });

  it('of any text are found without failing, and printing is stable', () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        const { filter, problems } = parseQuery(query);
        expect(parseQuery(printQuery(filter)).filter).toEqual(filter);
        for (const { from, to } of problems) expect(query.slice(from, to).trim()).not.toBe('');
      }),
    );
  });
});

describe('parseQuery', () => {
  it('reads every condition there is', () => {
    const { filter, problems } = parseQuery(
      'dog kind:relation,position split:test risclip:right yolo-clip:iou<0.5 disagree text:"left of" ' +
        'review:unreviewed length>5 corrected:no label:landmark @logic:negation category:"red car"',
    );
    expect(problems).toEqual([]);
    expect(filter).toEqual({
      ...emptyFilter(),
      text: 'dog "left of"',
      kinds: ['relation', 'position'],
      splits: ['test'],
      categories: ['red car'],
      reviewStates: ['unreviewed'],
      failureLabels: ['landmark'],
      corrected: false,
      methods: {
        'yolo-clip': { ...noCondition, iouTo: 0.5, openTo: true },
        'blip-sam': noCondition,
        risclip: { ...noCondition, outcome: 'right' },
        imported: noCondition,
      },
      disagreement: true,
      lengthFrom: 6,
      attributes: { logic: ['negation'] },
    });
  });

  it('makes the range of two conditions on one IoU', () => {
    const { filter } = parseQuery('risclip:iou>=0.3 risclip:iou<0.5');
    expect(filter.methods.risclip).toEqual({ ...noCondition, iouFrom: 0.3, iouTo: 0.5, openTo: true });
  });

  it.each([
    ['dog review:seen', 4, 15, 'There is no review state “seen”.'],
    ['colour:red', 0, 10, 'There is no condition “colour”.'],
    ['risclip:iou<2', 0, 13, 'An IoU is a number from 0 to 1.'],
    ['risclip:good', 0, 12, '“good” is no result of RisCLIP.'],
    ['risclip:right risclip:wrong', 14, 27, 'RisCLIP cannot be right and wrong at once.'],
    ['length>many', 0, 11, 'A length is a whole number of words.'],
    ['kind:', 0, 5, 'A value is missing.'],
    ['text:"left of', 0, 13, 'The quotes are not closed.'],
    ['@logic', 0, 6, 'An attribute needs a value.'],
    ['corrected:maybe', 0, 15, '“corrected” is either yes or no.'],
  ])('says what is wrong with %s, where, and what to do', (query, from, to, message) => {
    const { problems } = parseQuery(query);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ from, to, message });
    expect(problems[0]?.hint).not.toBe('');
  });
});

describe('completeQuery', () => {
  const known = {
    lists: { split: ['test', 'train'], category: ['red car'] },
    attributes: { logic: ['negation'] },
  };
  const offered = (query: string, caret = query.length) =>
    completeQuery(query, caret, known).map(({ text }) => text);

  it('offers names, and after a name its values', () => {
    expect(offered('dog sp')).toEqual(['split:']);
    expect(offered('split:t')).toEqual(['test', 'train']);
    expect(offered('split:test,tr')).toEqual(['train']);
    expect(offered('category:c')).toEqual(['"red car"']);
    expect(offered('review:un')).toEqual(['unreviewed']);
    expect(offered('risclip:iou')).toContain('iou<0.5');
    expect(offered('@l')).toEqual(['@logic:']);
    expect(offered('@logic:')).toEqual(['negation']);
    expect(offered('"kind')).toEqual([]);
  });

  it('stands in for the whole word that the caret is in', () => {
    expect(completeQuery('split:tst dog', 7, known)[0]).toMatchObject({ text: 'test', from: 6, to: 9 });
  });
});

describe('terms of the text', () => {
  it('are words and phrases', () => {
    expect(textTerms(' the "left  of" dog "open end')).toEqual(['the', 'left of', 'dog', 'open end']);
    expect(textOfTerms(['the', 'left of', 'a"b', ''])).toBe('the "left of" "a b"');
  });
});

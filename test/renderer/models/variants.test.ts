/** The variants of a pack on the Models screen: what they cost and give, choosing one, taking the choice back. */
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  settingsSchema,
  type LatencyMeasurement,
  type OwnMethodId,
  type PackSummary,
  type PackVariant,
  type Settings,
} from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import nextVariant from '../../../src/renderer/actions/run/next-variant';
import { useNotices } from '../../../src/renderer/stores/notices';
import { usePacks } from '../../../src/renderer/stores/packs';
import { changeWords, variantRows } from '../../../src/renderer/views/models/variant-rows';
import VariantsPanel from '../../../src/renderer/views/models/VariantsPanel.vue';
import { examplePack } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const accuracy = (method: OwnMethodId, value: number, data = 'EmojiRef test') => ({
  method,
  metric: 'accuracy@0.5',
  value,
  data,
  count: 200,
});
const latency = (ground: number): LatencyMeasurement => ({
  method: 'yolo-clip',
  prepare: 10,
  ground,
  repetitions: 5,
  stages: [{ stage: 'Text', milliseconds: ground, runtime: ground }],
  provider: 'cpu',
  threads: 2,
  processor: 'A processor',
  onnxruntime: '1',
  measuredAt: '2026-01-01T00:00:00.000Z',
});
const plainMeasured = [
  accuracy('yolo-clip', 0.61),
  accuracy('yolo-clip', 0.9, 'EmojiRef test, category'),
  accuracy('blip-sam', 0.7),
];

function variant(name: string, changes: Partial<PackVariant>): PackVariant {
  return {
    name,
    description: '',
    bytes: 25_000_000,
    files: [],
    methods: [],
    measured: [],
    speed: [],
    latencies: [],
    ...changes,
  };
}

function packWith(used: string): PackSummary {
  return examplePack({
    variant: used,
    measured: plainMeasured,
    variants: [
      variant('float32', { measured: plainMeasured, latencies: [latency(4)] }),
      variant('int8', {
        description: 'Weights of 8 bits.',
        bytes: 12_000_000,
        methods: ['yolo-clip'],
        measured: [accuracy('yolo-clip', 0.607), accuracy('yolo-clip', 0.91, 'EmojiRef test, category')],
        speed: [{ method: 'yolo-clip', factor: 1.5, data: 'one thread' }],
      }),
    ],
  });
}

let settings: Settings;
let refuses: boolean;
let workbench: FakeWorkbench;

beforeEach(async () => {
  setActivePinia(createPinia());
  settings = settingsSchema.parse({ packVariants: { another: 'int4' } });
  refuses = false;
  workbench = offerWorkbench({
    workspace: {
      settings: () => settings,
      changeSettings: (changes) => {
        if (refuses) throw new WorkbenchError('refused', 'The workspace is only read.', 'Open it elsewhere.');
        settings = { ...settings, ...(changes as Partial<Settings>) };
        return settings;
      },
    },
    models: {
      packs: () => [packWith(settings.packVariants['emojiref-small'] ?? 'float32')],
      measure: () => latency(3),
    },
  });
  await usePacks().load();
});

const used = () => usePacks().packs?.[0]?.variant;

describe('the rows', () => {
  it('pair the accuracy on whole data, method by method that changes', () => {
    const [group, another] = variantRows(packWith('float32'));
    expect(another).toBeUndefined();
    expect(group?.method).toBe('yolo-clip');
    expect(
      group?.rows.map(({ variant: name, accuracy: value, change }) => [name, value?.value, change]),
    ).toEqual([
      ['float32', 0.61, null],
      ['int8', 0.607, expect.closeTo(-0.3, 6)],
    ]);
    expect(group?.rows.map(({ speed, latency: time }) => [speed?.factor, time?.ground])).toEqual([
      [undefined, 4],
      [1.5, undefined],
    ]);
  });

  it('say no change where the other one was measured on other data', () => {
    const pack = packWith('int8');
    expect(
      variantRows({ ...pack, measured: [accuracy('yolo-clip', 0.61, 'RefCOCOg val')] })[0]?.rows[1]?.change,
    ).toBe(null);
  });

  it.each([
    [-0.3, '−0.30 points'],
    [0.06, '+0.06 points'],
    [-0.001, 'no change'],
  ])('%s is “%s”', (points, words) => expect(changeWords(points)).toBe(words));
});

describe('the panel', () => {
  const panel = () => mount(VariantsPanel, { props: { pack: usePacks().packs![0]! } });

  it('shows accuracy and its change, speed and time beside each other, and which one is used', () => {
    const rows = panel()
      .findAll('.variants > tbody > tr')
      .map((row) => row.text());
    expect(rows[0]).toMatch(/float32\s*in use.*0\.610.*4\.0 ms/s);
    expect(rows[1]).toMatch(/int8.*0\.607\s*−0\.30 points.*1\.50\s*times as fast.*Not measured/s);
    expect(rows).toHaveLength(2);
  });

  it('measures the variant of the row', async () => {
    await panel().get('[aria-label="Measure the time of YOLO+CLIP as int8"]').trigger('click');
    await flushPromises();
    expect(workbench.inputsOf('models.measure')).toEqual([
      { packId: 'emojiref-small', method: 'yolo-clip', variant: 'int8' },
    ]);
  });

  it('lets one choose, and keeps what was chosen for other packs', async () => {
    await panel().findAll('[role="radio"]')[1]!.trigger('click');
    await flushPromises();
    expect(settings.packVariants).toEqual({ another: 'int4', 'emojiref-small': 'int8' });
    expect(used()).toBe('int8');
  });
});

describe('a choice', () => {
  it('is taken back by its notice, to where nobody had chosen', async () => {
    await usePacks().useNextVariant();
    expect(used()).toBe('int8');
    const [notice] = useNotices().notices;
    expect(notice?.message).toBe('EmojiRef small is used as int8 from now on.');
    notice?.action?.run();
    await flushPromises();
    expect(settings.packVariants).toEqual({ another: 'int4' });
    expect(used()).toBe('float32');
  });

  it('that could not be kept changes nothing and says why', async () => {
    refuses = true;
    await usePacks().useNextVariant();
    expect(used()).toBe('float32');
    expect(useNotices().notices.map(({ message, action }) => [message, action])).toEqual([
      ['The workspace is only read.', null],
    ]);
  });

  it('goes round all variants by its action, on the Models screen alone', async () => {
    expect(nextVariant.when?.()).toBe(false);
    await usePacks().useNextVariant();
    await usePacks().useNextVariant();
    expect(used()).toBe('float32');
    expect(settings.packVariants).toEqual({ another: 'int4', 'emojiref-small': 'float32' });
  });
});

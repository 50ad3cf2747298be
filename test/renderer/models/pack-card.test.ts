/** What a person sees of a pack: whether it can be used, for what, and how it is checked, measured and removed. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LatencyMeasurement, PackSummary } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useNotices } from '../../../src/renderer/stores/notices';
import { useWorks } from '../../../src/renderer/stores/works';
import PackCard from '../../../src/renderer/views/models/PackCard.vue';
import { find } from '../support/dom';
import { examplePack } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const latency: LatencyMeasurement = {
  method: 'yolo-clip',
  prepare: 12.34,
  ground: 4.06,
  repetitions: 5,
  stages: [{ stage: 'Text', milliseconds: 4, runtime: 3 }],
  provider: 'CPU',
  threads: 2,
  processor: 'A processor',
  onnxruntime: '1',
  measuredAt: '2026-11-25T01:00:00.000Z',
};
const measured = (data: string, value: number, count = 3_236) => ({
  method: 'yolo-clip' as const,
  metric: 'accuracy@0.5',
  value,
  data,
  count,
});

let workbench: FakeWorkbench;
let card: VueWrapper;
let answer: () => PackSummary;
let refusal: WorkbenchError | null;

beforeEach(() => {
  setActivePinia(createPinia());
  refusal = null;
  answer = () => examplePack({ verified: true });
  const refuse = () => {
    if (refusal) throw refusal;
  };
  workbench = offerWorkbench({
    models: {
      verify: () => {
        refuse();
        return answer();
      },
      measure: () => {
        refuse();
        return latency;
      },
      remove: () => {
        refuse();
        return null;
      },
    },
  });
});
afterEach(() => {
  card.unmount();
  document.body.innerHTML = '';
});

function show(changes: Partial<PackSummary> = {}, brief = false) {
  card = mount(PackCard, { props: { pack: examplePack(changes), brief }, attachTo: document.body });
}

const chips = () => card.findAll('.chips .chip').map((chip) => chip.text());
const press = async (name: string) => {
  find('button', name).click();
  await flushPromises();
};

describe('a pack', () => {
  it('says what it is, how large, and that its files are not checked yet', () => {
    show({ licence: 'Apache-2.0', bytes: 32_800_000, parameters: 12_500_000 });
    expect(card.get('h2').text()).toContain('EmojiRef small 1.0.0');
    expect(chips()).toEqual([
      'Demo: synthetic scenes only',
      'Not checked yet',
      'Apache-2.0',
      '32.8 MB',
      '12.5 million parameters',
      'Comes with the workbench',
    ]);
  });

  it('names the methods that it is enough for, and what the others lack', () => {
    show();
    const rows = card.findAll('tbody tr').map((row) => row.text());
    expect(rows[0]).toMatch(/YOLO\+CLIP.*Nothing stated.*Not measured.*Measure/s);
    expect(rows[2]).toMatch(/RisCLIP.*Missing or damaged: risclip-refiner/s);
    expect(rows[2]).not.toContain('Measure the time');
  });

  it('shows what its makers measured, whole data first and parts on demand', () => {
    show({ measured: [measured('EmojiRef test', 0.6131), measured('EmojiRef test, colour', 0.9, 412)] });
    const row = card.get('tbody tr');
    expect(row.get('.measured').text()).toMatch(/accuracy@0\.5\s*0\.613\s*EmojiRef test, n = 3,236/);
    expect(row.get('details').attributes('open')).toBeUndefined();
    expect(row.get('details').text()).toContain('EmojiRef test, colour, n = 412');
  });

  it('shows the time that was measured here', () => {
    show({ latencies: [latency] });
    expect(card.get('tbody tr').text()).toMatch(/12\.3 ms\s*an image\s*4\.1 ms\s*an expression/);
  });

  it('that came with the workbench cannot be removed', () => {
    show();
    expect(card.text()).not.toContain('Remove');
  });
});

describe('a damaged pack', () => {
  const problem = {
    kind: 'model-damaged',
    message: 'detector.onnx is damaged.',
    hint: 'Install the pack again.',
  };

  it('says so first, with what to do, and offers no methods', () => {
    show({ problem, bundled: false, methods: [] });
    expect(chips()).toContain('Cannot be used');
    expect(card.get('[role="alert"]').text()).toContain('Install the pack again.');
    expect(card.find('tbody tr').exists()).toBe(false);
  });

  it('whose description cannot be read leaves out what is not known', () => {
    show({ problem, bundled: false, demo: false, licence: '', bytes: 0, parameters: 0 });
    expect(chips()).toEqual(['Cannot be used', 'Installed']);
    expect(card.text()).not.toContain('Roles, files');
  });
});

describe('one of many packs', () => {
  const role = {
    role: 'detector',
    file: 'detector.onnx',
    bytes: 1,
    parameters: 1_386_425,
    sha256: 'ab'.repeat(32),
    methods: ['yolo-clip' as const],
  };

  it('says in one line what it is enough for, and shows the rest when it is asked for', async () => {
    show({ roles: [role] }, true);
    expect(card.get('.methods').text()).toMatch(/^Enough for.*YOLO\+CLIP.*BLIP\+SAM$/s);
    expect(card.find('table').exists()).toBe(false);
    expect(find('button', 'Details of').getAttribute('aria-expanded')).toBe('false');
    await press('Details of');
    expect(card.find('tbody tr').exists()).toBe(true);
    expect(card.text()).toContain('Roles, files and provenance (1)');
    await press('Details of');
    expect(card.find('table').exists()).toBe(false);
  });

  it('that is enough for no method says so', () => {
    show({ methods: [] }, true);
    expect(card.get('.methods').text()).toBe('Enough for no method');
  });
});

describe('what a person does', () => {
  it('checks the files, sees how far that is, and hands on what was found', async () => {
    show();
    const found = examplePack({
      problem: { kind: 'model-damaged', message: 'It is damaged.', hint: 'Install it again.' },
    });
    let finish = () => undefined as void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    answer = () => found;
    workbench = offerWorkbench({
      models: { verify: () => finished.then(() => found) },
      works: {
        list: () => [
          {
            id: 1,
            name: 'verify-pack',
            message: 'detector.onnx',
            done: 10_000_000,
            total: 32_800_000,
            rate: null,
            remainingSeconds: null,
            ended: false,
          },
        ],
      },
    });
    await press('Verify files');
    await useWorks().load();
    await flushPromises();
    expect(card.get('[role="group"]').text()).toContain('10.0 MB of 32.8 MB');
    finish();
    await flushPromises();
    expect(card.emitted('changed')).toEqual([[found]]);
    expect(card.find('[role="group"]').exists()).toBe(false);
  });

  it('is told why a check was not possible', async () => {
    refusal = new WorkbenchError('not-found', 'The folder of the pack is gone.', 'Install it again.');
    show();
    await press('Verify files');
    expect(card.emitted('changed')).toBeUndefined();
    expect(useNotices().notices).toMatchObject([
      { tone: 'error', message: 'The folder of the pack is gone.' },
    ]);
  });

  it('measures one method at a time', async () => {
    show();
    await press('Measure the time of BLIP+SAM');
    expect(workbench.inputsOf('models.measure')).toMatchObject([
      { packId: 'emojiref-small', method: 'blip-sam' },
    ]);
  });

  it('is asked before a pack is removed, and can keep it', async () => {
    show({ bundled: false });
    await press('Remove');
    expect(find('[role="dialog"]').textContent).toContain('Predictions made with it stay');
    await press('Keep it');
    expect(workbench.inputsOf('models.remove')).toEqual([]);
    await press('Remove');
    find('[role="dialog"] footer button', 'Remove').click();
    await flushPromises();
    expect(workbench.inputsOf('models.remove')).toEqual([{ packId: 'emojiref-small' }]);
    expect(card.emitted('removed')).toHaveLength(1);
  });

  it('is told where a pack could not be removed, and it stays', async () => {
    refusal = new WorkbenchError('conflict', 'A job uses this pack.', 'Wait for it.');
    show({ bundled: false });
    await press('Remove');
    find('[role="dialog"] footer button', 'Remove').click();
    await flushPromises();
    expect(card.emitted('removed')).toBeUndefined();
    expect(useNotices().notices).toMatchObject([{ hint: 'Wait for it.' }]);
  });
});

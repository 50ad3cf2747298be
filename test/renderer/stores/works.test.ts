// Long calls: shown once they take a moment, in numbers, with a way to stop them, until they end.
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Work } from '../../../src/common/contract';
import WorkProgress from '../../../src/renderer/components/WorkProgress.vue';
import { workFacts } from '../../../src/renderer/composables/format';
import { useWorks } from '../../../src/renderer/stores/works';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const work: Work = {
  id: 1,
  name: 'import-predictions',
  message: 'Storing answers',
  done: 1_200,
  total: 5_000,
  rate: 310,
  remainingSeconds: 12.3,
  ended: false,
};
let workbench: FakeWorkbench;

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  workbench = offerWorkbench({ works: { list: () => [work], stop: () => null } });
});
afterEach(() => vi.useRealTimers());

it('are shown when they take longer than a moment, and gone when they end', () => {
  const works = useWorks();
  works.receive(work);
  expect(works.of('import-predictions')).toBeNull();
  vi.advanceTimersByTime(500);
  works.receive({ ...work, done: 2_000 });
  expect(works.list).toMatchObject([{ done: 2_000 }]);
  works.receive({ ...work, done: 5_000, ended: true });
  expect(works.list).toEqual([]);
});

it('are told as how far, how fast and how long, bytes as bytes, and as nothing where nothing is known', () => {
  expect(workFacts(work)).toEqual(['1,200 of 5,000', '310 a second', '12 s left']);
  expect(
    workFacts({ ...work, name: 'backup', done: 2e6, total: 8e6, rate: null, remainingSeconds: null }),
  ).toEqual(['2.0 MB of 8.0 MB']);
  expect(workFacts({ ...work, total: 0 })).toEqual([]);
});

it('are known again after the page was loaded anew, and are stopped by a button', async () => {
  const works = useWorks();
  await works.load();
  const progress = mount(WorkProgress, { props: { name: 'import-predictions', titled: true } });
  expect(progress.text()).toContain('Import predictions: Storing answers');
  expect(progress.get('[role="progressbar"]').attributes()).toMatchObject({
    'aria-label': 'Import predictions',
    'aria-valuenow': '1200',
    'aria-valuemax': '5000',
  });
  await progress.get('button').trigger('click');
  expect(workbench.inputsOf('works.stop')).toEqual([{ work: 'import-predictions' }]);
  works.receive({ ...work, ended: true });
  await nextTick();
  expect(progress.find('[role="group"]').exists()).toBe(false);
});

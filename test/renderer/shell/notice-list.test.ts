/** What a person sees of notices: few or many, short or long, with what can be done about each. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WorkbenchFailure } from '../../../src/renderer/api/client';
import NoticeList from '../../../src/renderer/shell/NoticeList.vue';
import { useNotices } from '../../../src/renderer/stores/notices';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let list: VueWrapper;

beforeEach(() => {
  setActivePinia(createPinia());
  workbench = offerWorkbench({ app: { copyText: () => null } });
  list = mount(NoticeList);
});
afterEach(() => list.unmount());

const shown = () => list.findAll('.message').map((message) => message.text());
const button = (name: string) => list.findAll('button').find((each) => each.text() === name);

it('shows nothing while there is nothing to say', () => {
  expect(list.findAll('.notice')).toEqual([]);
  expect(list.findAll('button')).toEqual([]);
});

it('tells an error at once, with what to do, its log id and a way to pass it on', async () => {
  useNotices().failure(
    new WorkbenchFailure({
      kind: 'disk-full',
      message: 'The disk is full.',
      hint: 'Free space.',
      id: 'ab12',
    }),
  );
  await flushPromises();
  const notice = list.get('[role="alert"]');
  expect(notice.text()).toContain('Free space.');
  expect(notice.text()).toContain('Log id ab12');
  await button('Copy')?.trigger('click');
  await flushPromises();
  expect(workbench.inputsOf('app.copyText')).toEqual([
    { text: 'The disk is full.\nFree space.\nLog id ab12' },
  ]);
  await list.get('[aria-label="Dismiss"]').trigger('click');
  expect(shown()).toEqual([]);
});

it('tells what went well politely, offers its action once, and has nothing to copy', async () => {
  const run = vi.fn();
  useNotices().push({ tone: 'success', message: 'Exported.', action: { label: 'Show the folder', run } });
  await flushPromises();
  expect(list.get('.notice').attributes('role')).toBe('status');
  expect(button('Copy')).toBeUndefined();
  await button('Show the folder')?.trigger('click');
  expect(run).toHaveBeenCalledOnce();
  expect(shown()).toEqual([]);
});

it('counts what repeats', async () => {
  for (let time = 0; time < 3; time += 1) useNotices().push({ tone: 'error', message: 'Not saved.' });
  await flushPromises();
  expect(shown()).toEqual(['Not saved. (3 times)']);
});

it('shows the newest three of many, the others when asked for, and dismisses all at once', async () => {
  for (let number = 1; number <= 30; number += 1) {
    useNotices().push({ tone: 'error', message: `Error ${number}` });
  }
  await flushPromises();
  expect(shown()).toEqual(['Error 28', 'Error 29', 'Error 30']);
  const more = button('Show 27 earlier notices');
  expect(more?.attributes('aria-expanded')).toBe('false');
  await more?.trigger('click');
  expect(shown()).toHaveLength(30);
  await button('Show the newest only')?.trigger('click');
  expect(shown()).toHaveLength(3);
  await button('Dismiss all')?.trigger('click');
  expect(shown()).toEqual([]);
});

it('names one earlier notice as one, and forgets that all were asked for when they are few again', async () => {
  const store = useNotices();
  for (const message of ['a', 'b', 'c', 'd']) store.push({ tone: 'error', message });
  await flushPromises();
  await button('Show 1 earlier notice')?.trigger('click');
  store.dismiss(store.notices[0]!.key);
  await flushPromises();
  expect(shown()).toEqual(['b', 'c', 'd']);
  store.push({ tone: 'error', message: 'e' });
  await flushPromises();
  expect(shown()).toEqual(['c', 'd', 'e']);
});

/** A path that was typed into the import and not imported: kept over a restart, given up by closing or throwing away. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Place } from '../../../src/common/contract';
import { useDrafts } from '../../../src/renderer/stores/drafts';
import ImportDialog from '../../../src/renderer/views/datasets/ImportDialog.vue';
import { offerWorkbench } from '../support/workbench';

let wrapper: VueWrapper | undefined;

beforeEach(() => setActivePinia(createPinia()));
afterEach(() => wrapper?.unmount());

/** A window that has just begun, at a place that holds these drafts. */
async function begin(drafts: Place['drafts'] = []) {
  wrapper?.unmount();
  setActivePinia(createPinia());
  offerWorkbench({ works: { list: () => [], stop: () => null } });
  useDrafts().restore(drafts);
  wrapper = mount(ImportDialog, {
    attachTo: document.body,
    props: { open: false, 'onUpdate:open': (open: boolean) => void wrapper?.setProps({ open }) },
  });
  await setOpen(true);
}

async function setOpen(open: boolean) {
  await wrapper?.setProps({ open });
  await flushPromises();
}

const dialog = () => document.querySelector<HTMLElement>('[role="dialog"]');
const field = () => dialog()?.querySelector<HTMLInputElement>('input') as HTMLInputElement;
const note = () => dialog()?.textContent?.includes('Not imported yet') ?? false;

async function type(path: string) {
  field().value = path;
  field().dispatchEvent(new Event('input'));
  await flushPromises();
}

describe('a path that is not imported yet', () => {
  it('is a draft while it is typed, and is there again after a restart, said to be one', async () => {
    await begin();
    expect(note()).toBe(false);
    await type('/data/refcoc');
    expect(useDrafts().list).toEqual([{ key: 'import.path', text: '/data/refcoc' }]);
    expect(note()).toBe(false);
    await begin(useDrafts().list);
    expect(field().value).toBe('/data/refcoc');
    expect(note()).toBe(true);
  });

  it('is no longer said to be one once it is typed on', async () => {
    await begin([{ key: 'import.path', text: '/data/refcoc' }]);
    await type('/data/refcocog');
    expect(note()).toBe(false);
    expect(useDrafts().of('import.path')).toBe('/data/refcocog');
  });

  it('is thrown away by its button', async () => {
    await begin([{ key: 'import.path', text: '/data/refcoc' }]);
    const discard = [...(dialog()?.querySelectorAll('button') ?? [])].find((button) =>
      button.textContent?.includes('Throw away'),
    );
    discard?.click();
    await flushPromises();
    expect(field().value).toBe('');
    expect(useDrafts().list).toEqual([]);
  });

  it('is given up by closing the dialog', async () => {
    await begin([{ key: 'import.path', text: '/data/refcoc' }]);
    await setOpen(false);
    expect(useDrafts().list).toEqual([]);
    await setOpen(true);
    expect(field().value).toBe('');
    expect(note()).toBe(false);
  });
});

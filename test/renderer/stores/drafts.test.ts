import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick, ref } from 'vue';
import { mostDrafts } from '../../../src/common/contract';
import DraftNote from '../../../src/renderer/components/DraftNote.vue';
import RunNote from '../../../src/renderer/components/RunNote.vue';
import { useDraft } from '../../../src/renderer/composables/useDraft';
import { useDrafts } from '../../../src/renderer/stores/drafts';
import { exampleRun } from '../support/examples';
import { offerWorkbench } from '../support/workbench';

beforeEach(() => setActivePinia(createPinia()));

describe('drafts', () => {
  it('are what differs from what is committed, and nothing else', () => {
    const drafts = useDrafts();
    drafts.put('note:1', 'half a', 'half a note');
    drafts.put('note:2', 'the same', 'the same');
    expect(drafts.list).toEqual([{ key: 'note:1', text: 'half a' }]);
    drafts.put('note:1', 'half a note', 'half a note');
    expect(drafts.list).toEqual([]);
  });

  it('are told with the newest last, and no more of them than are kept', () => {
    const drafts = useDrafts();
    for (let note = 0; note <= mostDrafts; note += 1) drafts.put(`note:${note}`, 'text');
    drafts.put('note:1', 'text again');
    expect(drafts.list).toHaveLength(mostDrafts);
    expect(drafts.list.at(-1)).toEqual({ key: 'note:1', text: 'text again' });
    expect(drafts.list.some(({ key }) => key === 'note:0')).toBe(false);
  });

  it('come back as they were told, an emptied text too', () => {
    const kept = [
      { key: 'note:1', text: '' },
      { key: 'expression:2', text: 'the red c' },
    ];
    const drafts = useDrafts();
    drafts.restore(kept);
    expect(drafts.of('note:1')).toBe('');
    expect(drafts.of('note:2')).toBeNull();
    expect(drafts.list).toEqual(kept);
  });
});

describe('a field with a draft', () => {
  it('shows what was typed where it was typed, and what is committed once it is thrown away', async () => {
    const shown = ref(1);
    const committed: Record<number, string> = { 1: 'first', 2: 'second' };
    const field = useDraft(
      () => `note:${shown.value}`,
      () => committed[shown.value] ?? '',
    );
    field.text.value = 'first, and mo';
    expect(field.isUnsaved.value).toBe(true);
    shown.value = 2;
    await nextTick();
    expect([field.text.value, field.isUnsaved.value]).toEqual(['second', false]);
    shown.value = 1;
    await nextTick();
    expect(field.text.value).toBe('first, and mo');
    field.discard();
    expect([field.text.value, field.isUnsaved.value]).toEqual(['first', false]);
  });
});

describe('a note on a run', () => {
  it('that was half typed is shown after a restart, and taken up again or thrown away, never saved by itself', async () => {
    const workbench = offerWorkbench({ runs: { setNote: () => ({ before: '' }), list: () => [] } });
    const drafts = useDrafts();
    const run = exampleRun(7, 'risclip', { note: 'as saved' });
    drafts.restore([{ key: `run-note:${run.id}`, text: 'half a sen' }]);
    const note = mount(RunNote, { props: { run } });
    const draft = note.getComponent(DraftNote);
    expect(draft.text()).toContain('Not saved yet: half a sen');
    await draft.get('button').trigger('click');
    expect(note.get('textarea').element.value).toBe('half a sen');
    await note.get('textarea').setValue('half a sentence');
    expect(drafts.list).toEqual([{ key: `run-note:${run.id}`, text: 'half a sentence' }]);
    await note.get('textarea').trigger('keydown', { key: 'Escape' });
    expect(drafts.list).toEqual([]);
    expect(note.text()).toContain('as saved');
    expect(workbench.calls).toEqual([]);
  });
});

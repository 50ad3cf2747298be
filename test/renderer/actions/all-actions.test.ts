// Every action there is, as it is found by the window: one list makes keys, palette and cheat sheet.
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { beforeAll, describe, expect, it } from 'vitest';
import { isPossible, type Action } from '../../../src/renderer/actions/action';
import { keysCollide } from '../../../src/renderer/actions/key-collision';
import { keyText } from '../../../src/renderer/actions/key-names';
import { registerAllActions, registry } from '../../../src/renderer/actions/registry';
import { router, screens, type Screen } from '../../../src/renderer/router';
import { useBrowse } from '../../../src/renderer/stores/browse';
import CheatSheet from '../../../src/renderer/shell/CheatSheet.vue';
import CommandPalette from '../../../src/renderer/shell/CommandPalette.vue';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useShell } from '../../../src/renderer/stores/shell';
import { exampleDataset, exampleFacets } from '../support/examples';
import { offerWorkbench } from '../support/workbench';

beforeAll(async () => {
  setActivePinia(createPinia());
  offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [] },
    browse: { ids: () => ({ ids: Int32Array.of(1, 2, 3) }), facets: () => exampleFacets(), rows: () => [] },
  });
  for (const name of screens) router.addRoute({ path: `/${name}`, name, component: {} });
  registerAllActions();
  await useDatasets().load();
  await useBrowse().refresh();
});

/** The list of all actions, as docs/keys.md prints it. */
function keysPage(): string {
  const all = registry.all();
  const where = (action: Action) =>
    action.on?.map((screen) => screen.charAt(0).toUpperCase() + screen.slice(1)).join(', ') ?? 'everywhere';
  const row = (action: Action) =>
    `| ${action.label} | ${[...new Set(action.keys.map((key) => `\`${keyText(key)}\``))].join(' ')} | ${where(action)} |`;
  return [
    '# Keys',
    `${all.length} actions, ${all.filter(({ keys }) => keys.length > 0).length} of them with a key as shipped. All of ` +
      'them are on the cheat sheet (`?`), can be bound to other keys in Settings, and are found ' +
      'by their words in the command palette (`Ctrl+K`), which says why one cannot be done now and does all but ' +
      `${all.filter(({ keyOnly }) => keyOnly).length} steps that mean nothing without their key. ` +
      'This page is made from the list of actions by its test.',
    ...registry
      .byGroup()
      .flatMap(({ group, actions }) => [
        `## ${group}`,
        ['| action | keys | where |', '| --- | --- | --- |', ...actions.map(row)].join('\n'),
      ]),
  ].join('\n\n');
}

describe('actions', () => {
  it('have an id that says where they belong and a label that says what they do', () => {
    expect(registry.all().length).toBeGreaterThan(30);
    for (const action of registry.all()) {
      expect(action.id).toMatch(/^[a-z-]+\.[a-z0-9-]+$/);
      expect(action.label).toMatch(/^[A-Z].{2,}/);
      for (const keys of action.keys) expect(keyText(keys)).not.toBe('');
    }
  });

  it('are each on the cheat sheet, and found in the palette by their own words', async () => {
    const shell = useShell();
    const sheet = mount(CheatSheet, { attachTo: document.body });
    shell.toggle('cheat-sheet');
    await flushPromises();
    const lines = [...document.querySelectorAll('.line > span:first-child')].map((each) => each.textContent);
    expect(lines).toEqual(expect.arrayContaining(registry.all().map(({ label }) => label)));
    sheet.unmount();
    const palette = mount(CommandPalette, { attachTo: document.body });
    shell.toggle('palette');
    await flushPromises();
    const input = document.querySelector<HTMLInputElement>('[role="combobox"]')!;
    for (const { label } of registry.all()) {
      input.value = label;
      input.dispatchEvent(new Event('input'));
      await nextTick();
      const found = [...document.querySelectorAll('[role="option"] .label')].map((each) => each.textContent);
      expect(found).toContain(label);
    }
    palette.unmount();
  });

  it('each have a key', () => {
    expect(
      registry
        .all()
        .filter(({ keys }) => keys.length === 0)
        .map(({ id }) => id),
    ).toEqual([]);
  });

  // Keys have other names on a Mac.
  it.skipIf(keyText('$mod+k') !== 'Ctrl+K')(
    'are told with their number and their keys in the documentation',
    async () => {
      const { format, resolveConfig } = await import('prettier');
      const page = await format(keysPage(), { ...(await resolveConfig('docs/keys.md')), parser: 'markdown' });
      // `npx vitest run test/renderer/actions --project renderer -u` writes it anew.
      await expect(page).toMatchFileSnapshot('../../../docs/keys.md');
    },
  );

  it('begin no sequence with a key that means something by itself on the same screen', () => {
    const held = screens.flatMap((screen) => {
      const bound = [...registry.byKey(screen).keys()];
      return bound.filter((key) =>
        bound.some((other) => other.split(' ').length > key.split(' ').length && keysCollide(key, other)),
      );
    });
    expect(held).toEqual([]);
  });

  it('share a key on one screen only where they take turns', () => {
    const shared = screens.flatMap((screen) =>
      [...registry.byKey(screen)]
        .filter(([, actions]) => actions.length > 1)
        .map(([key, actions]) => `${screen} ${key}: ${actions.map(({ id }) => id).join(', ')}`),
    );
    // Each line is a decision: what keeps these from being possible at once is in their `when`.
    expect(shared.sort()).toEqual([
      'inspect ArrowLeft: correct.nudge-left-1, inspect.previous-by-arrow',
      'inspect ArrowRight: correct.nudge-right-1, inspect.next-by-arrow',
      'inspect Backspace: correct.clicks-back, correct.drop-corner',
      'inspect Enter: correct.clicks-accept, correct.edit-box-by-enter, correct.close-polygon',
      'inspect Escape: correct.cancel, correct.put-away, inspect.leave-question',
      'inspect [: correct.brush-smaller, inspect.previous-proposal',
      'inspect ]: correct.brush-larger, inspect.next-proposal',
    ]);
  });

  it.each(screens)('on %s never want the same key at the same time', async (screen: Screen) => {
    await router.push({ name: screen });
    for (const [key, actions] of registry.byKey(screen)) {
      const possible = actions.filter(isPossible).map(({ id }) => id);
      expect(possible.length, `${key}: ${possible.join(', ')}`).toBeLessThanOrEqual(1);
    }
  });
});

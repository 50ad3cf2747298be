/** Backups of the workspace: none, many, those that cannot be listed; making one and going back to one. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema, type Backup, type Settings } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { formatTime } from '../../../src/renderer/composables/format';
import { useEngine } from '../../../src/renderer/stores/engine';
import { useNotices } from '../../../src/renderer/stores/notices';
import { useSettings } from '../../../src/renderer/stores/settings';
import BackupsSection from '../../../src/renderer/views/settings/BackupsSection.vue';
import SettingsView from '../../../src/renderer/views/settings/SettingsView.vue';
import { find } from '../support/dom';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const backup = (day: number): Backup => ({
  name: `2026-11-${day}.sqlite`,
  path: `/workspace/backups/2026-11-${day}.sqlite`,
  bytes: 8_400_000,
  madeAt: `2026-11-${day}T10:00:00.000Z`,
});

let workbench: FakeWorkbench;
let section: VueWrapper;
let backups: Backup[];
let settings: Settings;
let refusal: WorkbenchError | null;

beforeEach(async () => {
  setActivePinia(createPinia());
  backups = [];
  settings = settingsSchema.parse({});
  refusal = null;
  const refuse = () => {
    if (refusal) throw refusal;
  };
  workbench = offerWorkbench({
    app: {
      backups: () => {
        refuse();
        return backups;
      },
      restoreBackup: () => {
        refuse();
        backups = [backup(25), ...backups];
        return null;
      },
      info: () => ({
        version: '0.1.0',
        versions: {},
        platform: 'linux x64',
        standInRuntime: false,
        logPath: '/logs',
        workspacePath: '/workspace',
      }),
    },
    workspace: {
      settings: () => {
        refuse();
        return settings;
      },
      changeSettings: (changes) => (settings = { ...settings, ...(changes as Partial<Settings>) }),
      backup: () => {
        refuse();
        backups = [backup(25), ...backups];
        return { path: backup(25).path };
      },
    },
  });
  await useSettings().load();
});
afterEach(() => {
  section.unmount();
  document.body.innerHTML = '';
});

async function show() {
  section = mount(BackupsSection, { attachTo: document.body });
  await flushPromises();
}
const press = async (name: string, root: ParentNode = document) => {
  find('button', name, root).click();
  await flushPromises();
};
const rows = () => section.findAll('li').map((row) => row.text());

describe('the backups', () => {
  it('say that there is none, and are made at once', async () => {
    await show();
    expect(section.text()).toContain('There is none yet.');
    await press('Back up now');
    expect(section.text()).toContain('1 backup, the newest first');
    expect(rows()).toHaveLength(1);
    expect(useNotices().notices).toMatchObject([
      { tone: 'success', message: 'The workspace is backed up.', hint: backup(25).path },
    ]);
  });

  it('are listed with their time and size', async () => {
    backups = [24, 23, 22].map(backup);
    await show();
    expect(section.text()).toContain('3 backups, the newest first');
    expect(rows()[0]).toContain(formatTime(backup(24).madeAt));
    expect(rows()[0]).toContain('8.4 MB');
  });

  it('that cannot be listed are not said to be none, and are asked for again', async () => {
    refusal = new WorkbenchError('not-found', 'The folder cannot be read.', 'Check its rights.');
    await show();
    expect(find('[role="alert"]').textContent).toContain('Check its rights.');
    expect(section.text()).not.toContain('There is none yet.');
    refusal = null;
    backups = [backup(24)];
    await press('Try again');
    expect(rows()).toHaveLength(1);
    expect(document.querySelector('[role="alert"]')).toBeNull();
  });

  it('that could not be made are told in a notice, and the list stays', async () => {
    backups = [backup(24)];
    await show();
    refusal = new WorkbenchError('disk-full', 'The disk is full.', 'Free some space.');
    await press('Back up now');
    expect(useNotices().notices).toMatchObject([{ tone: 'error', message: 'The disk is full.' }]);
    expect(rows()).toHaveLength(1);
  });

  it('are kept in the number that is chosen', async () => {
    await show();
    const field = section.get('input');
    await field.setValue('25');
    await field.trigger('change');
    await flushPromises();
    expect(settings.backupCount).toBe(25);
  });
});

describe('going back to a backup', () => {
  beforeEach(async () => {
    backups = [backup(24), backup(23)];
    await show();
    await press('Restore…');
  });

  it('is explained and can be left', async () => {
    const dialog = find('[role="dialog"]');
    expect(dialog.textContent).toContain(`goes back to ${formatTime(backup(24).madeAt)}`);
    expect(dialog.textContent).toContain('becomes a backup first');
    await press('Cancel', dialog);
    expect(workbench.inputsOf('app.restoreBackup')).toEqual([]);
    expect(document.querySelector('[role="dialog"]')).toBeNull();
  });

  it('says what the workspace is now, and shows the backup of what was there before', async () => {
    await press('Restore', find('[role="dialog"]'));
    expect(workbench.inputsOf('app.restoreBackup')).toEqual([{ name: backup(24).name }]);
    expect(useNotices().notices).toMatchObject([
      { tone: 'success', message: `The workspace is as it was on ${formatTime(backup(24).madeAt)}.` },
    ]);
    expect(rows()).toHaveLength(3);
  });

  it('that is not possible says why, and changes nothing', async () => {
    refusal = new WorkbenchError('damaged', 'This backup is damaged.', 'Choose another one.');
    await press('Restore', find('[role="dialog"]'));
    expect(useNotices().notices).toMatchObject([{ tone: 'error', hint: 'Choose another one.' }]);
    expect(rows()).toHaveLength(2);
  });
});

describe('settings that cannot be read', () => {
  const refused = () => new WorkbenchError('damaged', 'The workspace is damaged.', 'Restore a backup.');

  async function open() {
    setActivePinia(createPinia());
    backups = [backup(24)];
    refusal = refused();
    await useSettings().load();
    // The main process lists backups without the engine.
    refusal = null;
    section = mount(SettingsView, { attachTo: document.body });
    await flushPromises();
  }
  const titles = () => section.findAll('h2').map((title) => title.text());

  it('say why, and leave the way back to a backup and the log', async () => {
    await open();
    expect(find('[role="alert"]').textContent).toContain('Restore a backup.');
    expect(titles()).toEqual(['Backups', 'About']);
    expect(rows()).toHaveLength(1);
    expect(section.text()).toContain('/logs');
    expect(section.text()).not.toContain('Back up now');
  });

  it('are not explained twice where the engine says that it does not start', async () => {
    await open();
    useEngine().receive({ state: 'failed', detail: 'The workspace is damaged.' });
    await flushPromises();
    expect(document.querySelector('[role="alert"]')).toBeNull();
    expect(titles()).toEqual(['Backups', 'About']);
  });
});

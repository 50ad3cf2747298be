import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it } from 'vitest';
import { useInstalls } from '../../../src/renderer/stores/installs';
import { useNotices } from '../../../src/renderer/stores/notices';
import { examplePack } from '../support/examples';
import { offerWorkbench } from '../support/workbench';

let chosen: string | null;
let installed: string[];

beforeEach(() => {
  setActivePinia(createPinia());
  chosen = '/packs/some.zip';
  installed = [];
  offerWorkbench({
    app: { chooseFile: () => ({ path: chosen }), chooseFolder: () => ({ path: chosen }) },
    models: {
      install: ({ path }: { path: string }) => {
        installed.push(path);
        return examplePack({ name: 'Some', version: '2.0.0' });
      },
    },
  });
});

it('installs what was chosen from the disk and says so', async () => {
  const installs = useInstalls();
  await installs.install('zip');
  expect(installed).toEqual(['/packs/some.zip']);
  expect(installs.busy).toBe(false);
  expect(useNotices().notices.map(({ message }) => message)).toEqual(['Some 2.0.0 is installed.']);
});

it('installs nothing where nothing was chosen', async () => {
  chosen = null;
  await useInstalls().install('folder');
  expect(installed).toEqual([]);
});

it('asks for an address before anything is requested', async () => {
  const installs = useInstalls();
  await installs.install('url');
  expect(installs.asksForUrl).toBe(true);
  expect(installed).toEqual([]);
});

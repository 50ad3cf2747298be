import { goTo } from '../../router';
import { installSources, useInstalls, type InstallSource } from '../../stores/installs';
import { defineAction } from '../action';

const labels: Record<InstallSource, string> = {
  folder: 'Install a model pack from a folder…',
  zip: 'Install a model pack from a zip…',
  url: 'Install a model pack from a URL…',
};

/** They have no keys: nobody does this often. */
export default installSources.map((from) =>
  defineAction({
    id: `run.install-pack-${from}`,
    label: labels[from],
    keys: [],
    group: 'Run',
    when: () => !useInstalls().busy,
    async run() {
      await goTo('models');
      await useInstalls().install(from);
    },
  }),
);

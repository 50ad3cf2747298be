import { goTo } from '../../router';
import { installSources, useInstalls, type InstallSource } from '../../stores/installs';
import { defineAction } from '../action';

const labels: Record<InstallSource, string> = {
  folder: 'Install a model pack from a folder…',
  zip: 'Install a model pack from a zip…',
  url: 'Install a model pack from a URL…',
};

const keys: Record<InstallSource, string> = { folder: '$mod+i f', zip: '$mod+i z', url: '$mod+i u' };

export default installSources.map((from) =>
  defineAction({
    id: `run.install-pack-${from}`,
    label: labels[from],
    keys: [keys[from]],
    group: 'Run',
    when: () => !useInstalls().busy,
    async run() {
      await goTo('models');
      await useInstalls().install(from);
    },
  }),
);

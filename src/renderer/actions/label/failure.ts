import { failureLabels } from '../../../common/contract';
import { useLabels } from '../../stores/corrections-labels';
import { useInspect } from '../../stores/inspect';
import { defineAction } from '../action';

export default failureLabels.map(({ digit, id, name }) =>
  defineAction({
    id: `label.${id}`,
    label: `Label: ${name}`,
    keys: [`Digit${digit}`, `Numpad${digit}`],
    group: 'Label',
    on: ['inspect'],
    when: () => useInspect().isReady,
    run: () => useLabels().toggleFailure(id),
  }),
);

/** From the errors of a run to the bands of its flow diagram. Pure. */
import { formatCount } from '../../composables/format';
import { errorStages, errorTypes, type RunErrors } from '../../../common/contract';
import { errorStageLabels, errorTypeLabels } from '../../../common/error-words';
import type { FlowBand } from '../../charts/FlowDiagram.vue';
import type { FlowLink } from '../../charts/flow-layout';
import { points } from './format';

export interface ErrorFlow {
  nodes: FlowBand[];
  links: FlowLink[];
}

export function errorFlowOf({ count, types, stages, stageFlows }: RunErrors): ErrorFlow {
  const detail = (own: number, fixed?: number) => {
    const share = `${formatCount(own)} (${points(own / Math.max(1, count))}%)`;
    return fixed === undefined ? share : `${share} · ${points(fixed)} if fixed`;
  };
  const typeNodes = errorTypes.flatMap((type): FlowBand[] => {
    const own = types.find(({ name }) => name === type);
    if (!own || own.count === 0) return [];
    const fixed = type === 'right' ? undefined : own.accuracyIfFixed;
    return [
      {
        id: `type:${type}`,
        column: 1,
        size: own.count,
        label: errorTypeLabels[type],
        detail: detail(own.count, fixed),
        colour: `var(--error-${type})`,
      },
    ];
  });
  const stageNodes = errorStages.flatMap((stage): FlowBand[] => {
    const own = stages.find(({ name }) => name === stage);
    if (!own || own.count === 0) return [];
    return [
      {
        id: `stage:${stage}`,
        column: 2,
        size: own.count,
        label: errorStageLabels[stage],
        detail: detail(own.count, own.accuracyIfFixed),
        colour: 'var(--error-stage)',
      },
    ];
  });
  const all: FlowBand = {
    id: 'all',
    column: 0,
    size: count,
    label: 'All expressions',
    detail: formatCount(count),
    colour: 'var(--error-stage)',
  };
  return {
    nodes: [all, ...typeNodes, ...stageNodes],
    links: [
      ...typeNodes.map(({ id, size }) => ({ from: 'all', to: id, size })),
      ...stageFlows.map(({ type, stage, count: size }) => ({
        from: `type:${type}`,
        to: `stage:${stage}`,
        size,
      })),
    ],
  };
}

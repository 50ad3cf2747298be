/** The contract's `workspace`: the file itself and the person's settings. */
import type { contract, DomainService } from '../../../common/contract';
import type { Emit } from '../context';
import type { Workspace } from './open';

export function createWorkspaceService(parts: {
  workspace: Workspace;
  emit: Emit;
}): DomainService<typeof contract.workspace> {
  const { workspace, emit } = parts;
  const { settings } = workspace.repositories;
  return {
    info: () => workspace.info(),
    checkIntegrity: (_nothing, control) => workspace.checkIntegrity(control),
    backup: (_nothing, control) => workspace.backup(control),
    settings: () => settings.get(),
    changeSettings(changes) {
      const changed = settings.change(changes);
      emit('data.changed', { what: 'settings', expressionIds: [] });
      return changed;
    },
  };
}

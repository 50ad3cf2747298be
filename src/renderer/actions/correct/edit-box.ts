import { useEditor } from '../../stores/corrections-editor';
import { useMaskTool } from '../../stores/corrections-tool';
import { defineAction } from '../action';

function toggle() {
  const editor = useEditor();
  if (editor.isEditing && !editor.isDrawing) editor.stopEditing();
  else {
    editor.cancel();
    editor.startEditing();
  }
}

function isPossible(): boolean {
  return useEditor().canEdit && useEditor().box !== null;
}

export default [
  defineAction({
    id: 'correct.edit-box',
    label: 'Edit the ground-truth box',
    keys: ['e'],
    group: 'Correct',
    on: ['inspect'],
    when: isPossible,
    run: toggle,
  }),
  defineAction({
    id: 'correct.edit-box-by-enter',
    label: 'Edit the ground-truth box, while no tool is in hand',
    keys: ['Enter'],
    group: 'Correct',
    keyOnly: true,
    on: ['inspect'],
    when: () => isPossible() && useMaskTool().tool === null,
    run: toggle,
  }),
];

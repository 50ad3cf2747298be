import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { useEditor } from './corrections-editor';
import { useQuestion } from './inspect-question';

/** What the pointer does to the mask of the ground truth. */
export const maskTools = ['clicks', 'brush', 'eraser', 'polygon'] as const;
export type MaskTool = (typeof maskTools)[number];

/** The tool in hand. A box is not edited meanwhile: the pointer can mean one thing only. */
export const useMaskTool = defineStore('corrections-tool', () => {
  const editor = useEditor();
  const question = useQuestion();
  /** null: none; the pointer works on the box. */
  const tool = ref<MaskTool | null>(null);

  /** Takes a tool; the one in hand is put away. */
  function take(wanted: MaskTool) {
    if (tool.value === wanted || !editor.canEdit) {
      putAway();
      return;
    }
    editor.stopEditing();
    tool.value = wanted;
  }

  function putAway() {
    tool.value = null;
  }

  watch(
    () => editor.isEditing || question.isShown,
    (isTaken) => isTaken && putAway(),
    { flush: 'sync' },
  );

  return { tool, take, putAway };
});

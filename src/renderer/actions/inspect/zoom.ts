import { useEditor } from '../../stores/corrections-editor';
import { useAnswers } from '../../stores/inspect-answers';
import { useCamera } from '../../stores/inspect-camera';
import { useQuestion } from '../../stores/inspect-question';
import { useStage } from '../../stores/inspect-stage';
import { defineAction } from '../action';

type Camera = ReturnType<typeof useCamera>;

function zoom(id: string, label: string, keys: string[], run: (camera: Camera) => void, repeats = false) {
  return defineAction({
    id: `inspect.${id}`,
    label,
    keys,
    group: 'Inspect',
    repeats,
    on: ['inspect'],
    when: () => useStage().picture !== null,
    run: () => run(useCamera()),
  });
}

/** What is looked at: the ground truth, or where there is none the first answer. */
function zoomToReferent(camera: Camera) {
  const answer = useAnswers().answers.find((each) => each.prediction?.box);
  const truth = useQuestion().isShown ? null : useEditor().box;
  const box = truth ?? answer?.prediction?.box;
  if (box) camera.zoomTo(box);
}

export default [
  zoom('zoom-in', 'Zoom in', ['[Shift]++', '='], (camera) => camera.zoomBy(1), true),
  zoom('zoom-out', 'Zoom out', ['[Shift]+-'], (camera) => camera.zoomBy(-1), true),
  zoom('fit', 'Fit the image into the window', ['f', '0'], (camera) => camera.fit()),
  zoom('actual-size', 'One image pixel as one screen pixel', ['Shift+f'], (camera) =>
    camera.showActualSize(),
  ),
  zoom('zoom-to-referent', 'Zoom to the referent', ['z'], zoomToReferent),
];

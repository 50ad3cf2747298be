import { usePredictExpression } from '../../stores/inspect-predict';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.predict-expression',
  label: 'Predict this expression with the missing methods',
  keys: ['Shift+p'],
  group: 'Inspect',
  on: ['inspect'],
  when: () => {
    const predict = usePredictExpression();
    return predict.missing.length > 0 && !predict.isRunning;
  },
  run: () => usePredictExpression().predict(),
});

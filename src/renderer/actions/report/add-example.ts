import { currentScreen } from '../../router';
import { useBrowse } from '../../stores/browse';
import { useInspect } from '../../stores/inspect';
import { useReportExamples } from '../../stores/report-examples';
import { defineAction } from '../action';

/** What is selected in Browse, or shown in Inspect. */
function meant(): number[] {
  const screen = currentScreen();
  if (screen === 'browse') return [...useBrowse().selected];
  const id = screen === 'inspect' ? useInspect().expressionId : null;
  return id === null ? [] : [id];
}

export default defineAction({
  id: 'report.add-example',
  label: 'Add to the report’s examples',
  keys: ['Shift+e'],
  group: 'Label',
  on: ['browse', 'inspect'],
  when: () => meant().length > 0,
  run: () => useReportExamples().add(meant()),
});

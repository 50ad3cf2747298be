/** The way from a number to what is behind it: Browse with exactly the expressions that it counts. */
import { defineStore } from 'pinia';
import { mostNamedExpressions } from '../../common/contract';
import type { ExampleSet } from '../../common/query/filter';
import { formatCount } from '../composables/format';
import { goTo } from '../router';
import { useBrowse } from './browse';
import { useNotices } from './notices';

export const useExamplesStore = defineStore('examples', () => {
  const browse = useBrowse();

  /**
   * Goes to Browse, which then shows these expressions of the current dataset and no others; the label says what
   * they have in common ("RisCLIP, wrong object chosen"). Of more than a filter can name, the first are shown.
   */
  async function open({ label, expressionIds }: ExampleSet): Promise<void> {
    if (expressionIds.length > mostNamedExpressions) {
      useNotices().push({
        tone: 'information',
        message: `The first ${formatCount(mostNamedExpressions)} of ${formatCount(expressionIds.length)} expressions are shown.`,
        hint: 'More cannot be named one by one; a filter can hold them all.',
      });
    }
    browse.showOnly({ examples: { label, expressionIds: expressionIds.slice(0, mostNamedExpressions) } });
    await goTo('browse');
  }

  return { open };
});

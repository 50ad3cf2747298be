/** What a person sees of a job in each of its states, and what can be done with it. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job, JobFailure } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useJobs } from '../../../src/renderer/stores/jobs';
import { useNotices } from '../../../src/renderer/stores/notices';
import JobCard from '../../../src/renderer/views/jobs/JobCard.vue';
import JobsView from '../../../src/renderer/views/jobs/JobsView.vue';
import { buttonNames } from '../support/dom';
import { exampleJob } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let mounted: VueWrapper;
let failures: JobFailure[];
let list: Job[];
let refuses: boolean;

beforeEach(() => {
  setActivePinia(createPinia());
  failures = [];
  list = [];
  refuses = false;
  const answer = () => {
    if (refuses) throw new WorkbenchError('refused', 'The job has ended.', 'Look at its result.');
    return null;
  };
  workbench = offerWorkbench({
    jobs: {
      list: () => list,
      pause: answer,
      cancel: answer,
      resume: answer,
      clear: () => {
        list = list.filter(({ state }) => state === 'running');
        return null;
      },
      failures: () => ({ count: failures.length + 2, failures }),
    },
  });
});
afterEach(() => mounted.unmount());

function card(changes: Partial<Job>): VueWrapper {
  mounted = mount(JobCard, { props: { job: exampleJob(7, changes) } });
  return mounted;
}

const facts = () => mounted.findAll('.facts span').map((fact) => fact.text());
const chip = () => mounted.get('.head .chip').text();

describe('a job', () => {
  it('that runs tells how far, how fast and how long, and can be paused and cancelled', async () => {
    card({ done: 1_200, total: 5_000, rate: 12.4, remainingSeconds: 306 });
    expect(facts()).toEqual(['1,200 of 5,000 answers', '12 a second', '5 min 6 s left']);
    expect(mounted.get('[role="progressbar"]').attributes('aria-valuenow')).toBe('1200');
    await mounted.findAll('button')[0]!.trigger('click');
    await mounted.findAll('button')[1]!.trigger('click');
    await flushPromises();
    expect(workbench.calls.map(({ name, input }) => [name, input])).toEqual([
      ['jobs.pause', { jobId: 7 }],
      ['jobs.cancel', { jobId: 7 }],
    ]);
  });

  it('that has just begun says that its rate is not known yet', () => {
    card({ rate: null, remainingSeconds: null });
    expect(facts()).toEqual(['2 of 5 answers', 'measuring the rate']);
  });

  it('that downloads counts bytes', () => {
    card({ kind: 'install', done: 4e8, total: 1.34e9, rate: 2.5e6, remainingSeconds: 60 });
    expect(facts()).toEqual(['400 MB of 1.3 GB', '2.5 MB a second', '1 min left']);
  });

  it.each<[Job['state'], Job['kind'], string, string[]]>([
    ['queued', 'predict', 'Waiting', ['Pause', 'Cancel']],
    ['queued', 'import', 'Waiting', ['Cancel']],
    ['paused', 'predict', 'Paused', ['Cancel', 'Resume']],
    ['interrupted', 'import', 'Interrupted', ['Resume']],
    ['cancelled', 'predict', 'Cancelled', ['Resume']],
    ['cancelled', 'import', 'Cancelled', []],
    ['failed', 'install', 'Failed', ['Resume']],
    ['done', 'merge', 'Done', []],
  ])('that is %s, of kind %s, says “%s” and offers %j', (state, kind, word, offered) => {
    card({ state, kind });
    expect(chip()).toBe(word);
    expect(buttonNames(mounted.element as HTMLElement)).toEqual(offered);
  });

  it('that ended says how long it took', () => {
    card({ state: 'done', done: 5, endedAt: '2026-11-25T01:03:20.000Z', message: '5 answered.' });
    expect(facts()).toEqual(['5 of 5 answers', 'took 3 min 20 s']);
    expect(mounted.text()).toContain('5 answered.');
  });

  it('that failed says why and what to do, instead of what it was doing', () => {
    const error = { kind: 'not-found', message: 'The folder is gone.', hint: 'Connect the disk.' };
    card({ state: 'failed', message: 'Reading images', error });
    expect(mounted.get('.error').text()).toContain('The folder is gone.');
    expect(mounted.get('.error').text()).toContain('Connect the disk.');
    expect(mounted.text()).not.toContain('Reading images');
  });

  it('whose call is refused tells so in a notice', async () => {
    refuses = true;
    card({});
    await mounted.findAll('button')[1]!.trigger('click');
    await flushPromises();
    expect(useNotices().notices).toMatchObject([{ tone: 'error', message: 'The job has ended.' }]);
  });

  it('that did not answer all of it lists what failed, when it is asked for', async () => {
    failures = [1, 2].map((expressionId) => ({
      expressionId,
      text: `the dog ${expressionId}`,
      imageId: 1,
      method: 'blip-sam' as const,
      kind: 'not-found',
      message: 'The image could not be read.',
    }));
    card({ state: 'done', done: 5, failed: 4 });
    expect(chip()).toBe('Done, 4 failed');
    expect(facts()).toContain('4 failures');
    expect(workbench.inputsOf('jobs.failures')).toEqual([]);
    const toggle = mounted.get('.failures button');
    expect(toggle.text()).toBe('Show what failed');
    await toggle.trigger('click');
    await flushPromises();
    expect(mounted.findAll('.failures li').map((item) => item.text())).toEqual([
      'the dog 1BLIP+SAM: The image could not be read.',
      'the dog 2BLIP+SAM: The image could not be read.',
    ]);
    expect(mounted.get('.foot').text()).toContain('The first 2 of 4 failures.');
    await toggle.trigger('click');
    expect(mounted.find('.failures li').exists()).toBe(false);
  });
});

describe('the list of jobs', () => {
  async function show(jobs: Job[]) {
    list = jobs;
    mounted = mount(JobsView);
    await useJobs().load();
    await flushPromises();
  }
  const titles = () => mounted.findAll('.job h2').map((title) => title.text());

  it('says what will appear there while there is none', async () => {
    await show([]);
    expect(mounted.get('h2').text()).toBe('No jobs');
    expect(mounted.text()).not.toContain('Clear ended jobs');
  });

  it('shows few of them without choices, and clears those that ended', async () => {
    await show([exampleJob(1, { state: 'done', title: 'One' }), exampleJob(2, { title: 'Two' })]);
    expect(titles()).toEqual(['Two', 'One']);
    expect(mounted.find('[role="radiogroup"]').exists()).toBe(false);
    await mounted
      .findAll('button')
      .find((each) => each.text() === 'Clear ended jobs')!
      .trigger('click');
    await flushPromises();
    expect(titles()).toEqual(['Two']);
  });

  it('lets a person look among many for what is not over and for what failed', async () => {
    await show(
      Array.from({ length: 200 }, (_, index) =>
        exampleJob(index + 1, {
          title: `Job ${index + 1}`,
          state: index === 199 ? 'running' : index === 3 ? 'failed' : 'done',
          failed: index === 5 ? 1 : 0,
        }),
      ),
    );
    expect(titles()).toHaveLength(200);
    const choices = mounted.findAll('[role="radio"]');
    expect(choices.map((choice) => choice.text())).toEqual(['All 200', 'Not ended 1', 'With failures 2']);
    await choices[1]!.trigger('click');
    expect(titles()).toEqual(['Job 200']);
    await choices[2]!.trigger('click');
    expect(titles()).toEqual(['Job 6', 'Job 4']);
  });

  it('says so where none of many is under way', async () => {
    await show(Array.from({ length: 9 }, (_, index) => exampleJob(index + 1, { state: 'done' })));
    await mounted.findAll('[role="radio"]')[1]!.trigger('click');
    expect(mounted.text()).toContain('Every job has ended.');
  });
});

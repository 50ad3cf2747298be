/** Long calls of the main process: told and stopped like the engine's, and listed together with them. */
import { expect, it } from 'vitest';
import { unwatched, type Work, type WorkControl } from '../../src/common/contract';
import { OwnWorks } from '../../src/main/app/own-works';

const ofEngine: Work = {
  id: 1,
  name: 'report-preview',
  message: 'Drawing images for the intervals',
  done: 0,
  total: 10_000,
  rate: null,
  remainingSeconds: null,
  ended: false,
};
const ask = (_domain: string, name: string) =>
  Promise.resolve({ ok: true as const, value: name === 'list' ? [ofEngine] : null });

it('are listed beside those of the engine, and end as stopped', async () => {
  const told: Work[] = [];
  const works = new OwnWorks((work) => told.push(work));
  const printing = works.run('print-report', (control = unwatched) => {
    control.begin('Printing the pages');
    return new Promise<never>((_resolve, reject) => {
      control.signal.addEventListener('abort', () => reject(control.signal.reason as Error));
    });
  });
  const failed = expect(printing).rejects.toMatchObject({ kind: 'cancelled' });
  expect(await works.answer(ask, 'list', {})).toMatchObject({
    value: [{ name: 'report-preview' }, { name: 'print-report', message: 'Printing the pages' }],
  });
  await works.answer(ask, 'stop', { work: 'print-report' });
  await failed;
  expect(told.at(-1)).toMatchObject({ name: 'print-report', ended: true });
  expect(await works.answer(ask, 'list', {})).toEqual({ ok: true, value: [ofEngine] });
});

it('tell how far the engine is with what they wait for', async () => {
  const works = new OwnWorks(() => undefined);
  const steps: string[] = [];
  let done = 0;
  const control: WorkControl = {
    ...unwatched,
    begin: (step, total) => steps.push(`${step}: ${total}`),
    advance: (more) => (done += more),
  };
  await works.follow('report-preview', control, () => {
    works.receive({ ...ofEngine, done: 2_000 });
    works.receive({ ...ofEngine, done: 5_000 });
    works.receive({ ...ofEngine, name: 'evaluation', done: 9_000 });
    return Promise.resolve();
  });
  works.receive({ ...ofEngine, done: 9_000 });
  expect(steps).toEqual(['Drawing images for the intervals: 10000']);
  expect(done).toBe(5_000);
});

it('that the engine tells of are left to it', async () => {
  const told: Work[] = [];
  const works = new OwnWorks((work) => told.push(work));
  expect(await works.run('restore', (control) => control ?? 'none')).toBe('none');
  expect(await works.run(null, (control) => control ?? 'none')).toBe('none');
  expect(told).toEqual([]);
});

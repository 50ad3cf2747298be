/** Numbers and words of the Inspect screen. */
import type { StageTiming } from '../../../common/contract';

export function duration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 995 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** "encode 21 ms, ground 40 ms": where the time went. */
export function stageTimes(timings: readonly StageTiming[]): string {
  return timings.map(({ stage, milliseconds }) => `${stage} ${duration(milliseconds)}`).join(', ');
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
}

/** A coordinate without needless digits: 12, 12.5, 12.38. */
export function pixels(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** A moment as a person says it: the time today, else the day too. `now` is given so that it can be tested. */
export function moment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === now.toDateString()) return time;
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  });
  return `${day}, ${time}`;
}

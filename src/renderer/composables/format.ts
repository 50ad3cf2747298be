/** Numbers, sizes and times in words, the same everywhere. */
import { countOf, formatBytes, formatCount } from '../../common/amounts';
import { worksInBytes, type RunSummary, type Work } from '../../common/contract';

export { countOf, formatBytes, formatCount };

/** IoU with two digits, cut off instead of rounded: what is below 0.5, or not perfect, does not look as if it were. */
export function formatIou(value: number): string {
  return (Math.floor(value * 100 + 1e-9) / 100).toFixed(2);
}

/** "45 s", "3 min 20 s", "24 min", "2 h 5 min": never more exact than it needs to be. */
export function formatDuration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60)
    return rounded % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${rounded % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** "12 a second", "1.8 a second", "1 every 4 s" */
export function formatRate(perSecond: number): string {
  if (perSecond <= 0) return 'waiting';
  if (perSecond >= 10) return `${formatCount(Math.round(perSecond))} a second`;
  if (perSecond >= 0.5) return `${perSecond.toFixed(1)} a second`;
  return `1 every ${formatDuration(1 / perSecond)}`;
}

/** How far a work is, how fast and how long: "1,200 of 5,000", "310 a second", "12 s left". Nothing where nothing is known. */
export function workFacts({ name, done, total, rate, remainingSeconds }: Work): string[] {
  if (total === 0) return [];
  const inBytes = worksInBytes.has(name);
  const amount = inBytes ? formatBytes : formatCount;
  const facts = [`${amount(done)} of ${amount(total)}`];
  if (rate !== null) facts.push(inBytes ? `${formatBytes(rate)} a second` : formatRate(rate));
  if (remainingSeconds !== null) facts.push(`${formatDuration(remainingSeconds)} left`);
  return facts;
}

const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** An ISO 8601 time in the person's own time zone. */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : dateAndTime.format(date);
}

/** "EmojiRef small 1.1.0, cpu · 25 Nov 2026, 05:11 · 3,298 answers"; what was imported has no pack, and says so. */
export function runWords(run: RunSummary): string {
  const made = run.method === 'imported' ? 'imported' : `${run.packName} ${run.packVersion}, ${run.provider}`;
  return [made, formatTime(run.createdAt), countOf(run.predictions, 'answer')].join(' · ');
}

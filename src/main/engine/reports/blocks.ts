/** What a report is made of, whatever the format: each format draws these blocks and escapes what they hold. */
import type { Estimate, ReportSection } from '../../../common/contract';
import type { Example, ExampleGroup } from './examples';
import type { Subject } from './looks';
import { interval, percent, signed } from './words';
import { leaderOf, valueOf, type Result } from './metric-rows';

export interface Cell {
  value: string;
  /** "81.9–86.7"; empty where there is none. */
  interval: string;
  isBest: boolean;
}

/** A heading over the rows that follow, or a row with its cells. */
export type Row = { group: string } | { heading: string; cells: Cell[] };

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'terms'; terms: Term[] }
  | TableBlock;

export interface TableBlock {
  kind: 'table';
  /** Of the rows' headings, then of each column. */
  head: string[];
  rows: Row[];
  /** Places in `head` of columns that hold words: they wrap. All others hold numbers. */
  words?: readonly number[];
}

export interface Term {
  name: string;
  value: string;
  /** For machines rather than readers: a hash, settings. */
  isCode?: boolean;
}

/** Examples of one group with their pictures. */
export interface ExamplesBlock {
  kind: 'examples';
  group: ExampleGroup;
  examples: readonly Example[];
  /** In the order of the examples' answers. */
  runs: readonly NamedRun[];
}

export interface NamedRun {
  runId: number;
  name: string;
  method: Subject;
}

export type ReportBlock = Block | ExamplesBlock;

/** A section. Only those of a whole report have examples. */
export interface Part<Of extends ReportBlock = Block> {
  section: ReportSection;
  title: string;
  /** What the section's numbers are, beside its title; may be empty. */
  note: string;
  /** By what its numbers were measured; empty where it has none. */
  protocol?: string;
  blocks: Of[];
}

export function textCell(value: string): Cell {
  return { value, interval: '', isBest: false };
}

/** A share in percent with its interval. */
export function shareCell(result: Result, isBest = false): Cell {
  if (result === null || result === undefined) return textCell('–');
  return { value: percent(valueOf(result)), interval: intervalOf(result), isBest };
}

function intervalOf(result: Estimate | number): string {
  return typeof result === 'number' ? '' : interval(result);
}

/** A difference in points with its interval: "+1.2" and "−0.3 to +2.7". */
export function differenceCell({ value, low, high }: Estimate): Cell {
  return { value: signed(value), interval: `${signed(low)} to ${signed(high)}`, isBest: false };
}

/** One cell a run; the one that leads is marked. */
export function shareCells(results: readonly Result[], lowerIsBetter = false): Cell[] {
  const leader = leaderOf(results, lowerIsBetter);
  return results.map((result, index) => shareCell(result, index === leader));
}

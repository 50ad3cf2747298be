/** The address at which a report is shown before it is written: the options are in it. */
import { reportScheme } from './channels';
import type { ReportOptions } from './contract';

export function reportAddress(options: ReportOptions): string {
  const query = new URLSearchParams({ options: JSON.stringify(options) });
  return `${reportScheme}://report/?${query.toString()}`;
}

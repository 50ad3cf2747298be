/** `report`: the files of a report; the PDF among them is printed by Electron, all others are written by the engine. */
import { resolve } from 'node:path';
import {
  reportDocuments,
  reportFormats,
  reportSections,
  type ReportFormat,
  type ReportOptions,
} from '../../../common/contract';
import { printTask } from '../../../common/print-task';
import { makeFolder, writeWhole } from '../reports/write';
import { defineCommand } from './command';
import { evaluationDeclarations, optionsOf } from './evaluate';
import { checkLimits, failUnderOption, limitsOf } from './limits';
import type { ValuesOf } from './options';
import { unwrap, type Session } from './session';
import { numbers, required, severalOf, wholeNumber } from './values';

const formatChoices = [...reportFormats, 'pdf'] as const;

/** What goes into a report beside the choice of what is evaluated. */
export const formatsOption = {
  formats: {
    type: 'string',
    value: '<a,b>',
    help: `${formatChoices.join(', ')}; default: ${reportDocuments.join(', ')}`,
  },
} as const;

const reportDeclarations = {
  ...evaluationDeclarations,
  ...formatsOption,
  out: { type: 'string', value: '<folder>', help: 'where the files go; made when missing' },
  sections: { type: 'string', value: '<a,b>', help: `${reportSections.join(', ')}; default: all` },
  title: { type: 'string', value: '<text>', help: 'heading of the report' },
  examples: { type: 'string', value: '<n>', help: 'so many worst, most disagreed on and best; default: 4' },
  chosen: { type: 'string', value: '<1,2>', help: 'numbers of expressions to show as examples before those' },
} as const;

/** Writes the report's files and says which; returns their paths. */
export async function writeReport(
  session: Session,
  values: ValuesOf<typeof reportDeclarations>,
): Promise<string[]> {
  const folder = resolve(required('out', values.out));
  const formats = severalOf('formats', values.formats, formatChoices) ?? [...reportDocuments];
  const written = formats.filter((format): format is ReportFormat => format !== 'pdf');
  // Whether anything can print is known before anything is written.
  const print = formats.includes('pdf') ? session.printer() : null;
  const { reports } = session.engine.client;
  const options: ReportOptions = {
    evaluation: await optionsOf(session, values),
    title: values.title ?? '',
    examples: wholeNumber('examples', values.examples, 0) ?? 4,
    chosen: numbers('chosen', values.chosen) ?? [],
    sections: severalOf('sections', values.sections, reportSections) ?? [...reportSections],
  };
  const files =
    written.length > 0 ? unwrap(await reports.export({ options, folder, formats: written })).files : [];
  if (print) {
    const { html } = unwrap(await reports.preview(options));
    const pdf = await print(html);
    await makeFolder(folder);
    files.push(await writeWhole(folder, printTask.pdf, [pdf]));
  }
  session.output.result('report', { files });
  for (const file of files) session.output.print(`Wrote ${file}`);
  return files;
}

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write the report as a page, PDF, Markdown, LaTeX, CSV and JSON, and the data behind it',
  arguments: [],
  options: { ...reportDeclarations, ...failUnderOption },
  examples: [
    'report --split test --out report',
    'report --split test --out report --formats html,pdf',
    'report --split test --out report --formats markdown,latex --sections summary,results,protocol',
    'report --split test --out report --formats html,csv --title "Demo, first look" --examples 8',
    'report --split test --out report --formats html,dataset-refer,predictions-coco',
    'report --split test --out report --fail-under risclip:accuracy50=0.8',
  ],
  async run(session, values) {
    const limits = limitsOf(values['fail-under']);
    await writeReport(session, values);
    if (limits.length === 0) return 0;
    // The report is there to be looked at when a number is not what it should be.
    const options = await optionsOf(session, values);
    return checkLimits(session, unwrap(await session.engine.client.evaluation.compute(options)), limits);
  },
});

/** Names that the processes of the application have to agree on. */

/** The window asks: domain, call, input → Result. */
export const callChannel = 'workbench:call';
/** The window is told: event name, payload. */
export const eventChannel = 'workbench:event';

/** The window's own pages: `workbench://app/…`. */
export const pageScheme = 'workbench';
/** Images by id: `workbench-image://image/<id>?size=<pixels>`. */
export const imageScheme = 'workbench-image';
/** A report to look at before it is exported: `workbench-report://report/?options=<JSON of ReportOptions>`. */
export const reportScheme = 'workbench-report';

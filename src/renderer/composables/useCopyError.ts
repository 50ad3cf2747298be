import { api } from '../api/client';
import { useNotices } from '../stores/notices';

/** What somebody who helps has to know of an error. */
export interface CopiedError {
  message: string;
  hint?: string | undefined;
  /** Finds the line in the log; empty where there is none. */
  id?: string | undefined;
}

/** The error as lines of text: what happened, what to do, and where the log tells more. */
export function errorText({ message, hint, id }: CopiedError): string {
  return [message, hint, id && `Log id ${id}`].filter(Boolean).join('\n');
}

/** Puts an error into the clipboard; where that fails, a notice says so. */
export function useCopyError(): (error: CopiedError) => void {
  const notices = useNotices();
  return (error) => void notices.attempt(() => api.app.copyText({ text: errorText(error) }));
}

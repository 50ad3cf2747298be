/**
 * Errors cross process borders as values, because Electron passes only the message of a thrown error.
 * Every failure a person can meet has a kind (for code), a message (what happened), a hint (what to do)
 * and an id that finds the line in the log.
 */

export const errorKinds = [
  'invalid', // the call or the input does not have the shape it must have
  'not-found',
  'conflict', // somebody else changed it first
  'unreadable', // a file exists and cannot be read or decoded
  'unreachable', // a server on the network does not answer as it must; another attempt may help
  'unsupported', // understood, but not something the workbench works with
  'too-large',
  'refused', // possible, but forbidden on purpose (security)
  'read-only',
  'disk-full',
  'newer-version', // written by a newer version of the workbench
  'damaged', // a file's content contradicts itself or its hash
  'locked', // another workbench has the workspace open
  'model-missing',
  'model-damaged',
  'engine-crashed',
  'cancelled',
  'internal', // a defect of the workbench itself
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** An error as it crosses processes and reaches the window or the terminal. */
export interface ErrorValue {
  kind: ErrorKind;
  /** What happened, in one sentence. */
  message: string;
  /** What the person can do about it; empty when there is nothing to do. */
  hint: string;
  /** Finds the line in the log. */
  id: string;
}

export type Result<Value> = { ok: true; value: Value } | { ok: false; error: ErrorValue };

/** Thrown inside one process; turned into an ErrorValue at its border. */
export class WorkbenchError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string;

  constructor(kind: ErrorKind, message: string, hint = '', options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'WorkbenchError';
    this.kind = kind;
    this.hint = hint;
  }
}

/** Codes of the operating system that deserve a kind of their own. */
const kindOfSystemCode: Record<string, { kind: ErrorKind; message?: string; hint: string }> = {
  ENOENT: { kind: 'not-found', hint: 'Check that the file or folder still exists.' },
  EACCES: { kind: 'read-only', hint: 'Check the permissions of the file or folder.' },
  EPERM: { kind: 'read-only', hint: 'Check the permissions of the file or folder.' },
  EROFS: { kind: 'read-only', hint: 'The disk is read-only; choose another folder.' },
  ENOSPC: { kind: 'disk-full', hint: 'Free some space on the disk and try again.' },
  SQLITE_FULL: { kind: 'disk-full', hint: 'Free some space on the disk and try again.' },
  SQLITE_READONLY: { kind: 'read-only', hint: 'The workspace folder cannot be written.' },
  SQLITE_CORRUPT: { kind: 'damaged', hint: 'Restore a backup of the workspace.' },
  SQLITE_NOTADB: { kind: 'damaged', hint: 'Restore a backup of the workspace.' },
  SQLITE_BUSY: {
    kind: 'locked',
    message: 'Another program holds the workspace, so that nothing could be written.',
    hint: 'Close what else has it open (a second workbench, a command, a tool for SQLite or for backups), then try again. What was saved before is still there.',
  },
};

/** SQLite tells some errors more exactly: SQLITE_BUSY_SNAPSHOT is a kind of SQLITE_BUSY. */
function familyOf(code: string): string {
  return /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;
}

/** Any thrown thing as an ErrorValue. Unknown errors are `internal`; their stack stays in the log. */
export function toErrorValue(thrown: unknown, id: string): ErrorValue {
  if (thrown instanceof WorkbenchError) {
    return { kind: thrown.kind, message: thrown.message, hint: thrown.hint, id };
  }
  const code = (thrown as { code?: unknown } | null)?.code;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const known = typeof code === 'string' ? kindOfSystemCode[familyOf(code)] : undefined;
  if (known) return { message, ...known, id };
  return {
    kind: 'internal',
    message,
    hint: 'This is a defect of the workbench; please report it with its id.',
    id,
  };
}

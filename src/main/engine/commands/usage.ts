import { WorkbenchError } from '../../../common/errors';

/** Called wrongly: exit code 2. */
export class UsageError extends WorkbenchError {
  constructor(message: string, hint = '') {
    super('invalid', message, hint);
  }
}

/** The same, with where to read how a command goes. */
export function usage(command: string, message: string): UsageError {
  return new UsageError(message, `See \`grounding-workbench ${command} --help\`.`);
}

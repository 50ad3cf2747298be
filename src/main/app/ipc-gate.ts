/**
 * The one door between the window and everything behind it. Each call passes three checks before anybody sees it: it
 * comes from our window's main frame showing our page; the contract has that call and offers it to windows; its input
 * has the shape the contract says. Failures go back as values.
 */
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { callChannel } from '../../common/channels';
import { findCall, type AnyCall, type CallHost } from '../../common/contract';
import { toErrorValue, WorkbenchError, type Result } from '../../common/errors';
import { isOwnPage } from './page-address';

export interface GateParts {
  /** Whether the sender is one of our windows. */
  isOwnWindow(sender: unknown): boolean;
  /** Who answers, by the contract's `host`. Gets validated input. */
  answer: Record<CallHost, (domain: string, name: string, input: unknown) => Promise<Result<unknown>>>;
  log(message: string, details: Record<string, unknown>): string;
}

export function listenToWindow(parts: GateParts): void {
  ipcMain.handle(callChannel, async (event, domain: unknown, name: unknown, input: unknown) => {
    try {
      requireOwnFrame(event, parts);
      const { domainName, callName, definition } = requireOfferedCall(domain, name);
      const parsed = definition.input.safeParse(input);
      if (!parsed.success) throw invalidInput(`${domainName}.${callName}`, parsed.error.issues[0]);
      // The engine parses once more what it gets, so it is given what was sent; `main` answers the parsed input.
      const passed = definition.host === 'engine' ? input : parsed.data;
      return await parts.answer[definition.host](domainName, callName, passed);
    } catch (thrown) {
      const id = parts.log('A call was refused or failed', {
        call: `${String(domain).slice(0, 50)}.${String(name).slice(0, 50)}`,
        error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      });
      return { ok: false, error: toErrorValue(thrown, id) } satisfies Result<unknown>;
    }
  });
}

function requireOwnFrame(event: IpcMainInvokeEvent, parts: GateParts): void {
  const frame = event.senderFrame;
  // A frame that is gone, a frame inside the page, or another page than ours has no business here.
  if (!frame || frame.parent !== null || !isOwnPage(frame.url) || !parts.isOwnWindow(event.sender)) {
    throw new WorkbenchError('refused', 'Only the window of the workbench may call.');
  }
}

function requireOfferedCall(
  domain: unknown,
  name: unknown,
): { domainName: string; callName: string; definition: AnyCall } {
  const definition =
    typeof domain === 'string' && typeof name === 'string' ? findCall(domain, name) : undefined;
  if (!definition || definition.internal) {
    throw new WorkbenchError('refused', 'The workbench offers the window no such call.');
  }
  return { domainName: domain as string, callName: name as string, definition };
}

function invalidInput(
  call: string,
  issue: { path: PropertyKey[]; message: string } | undefined,
): WorkbenchError {
  const where = issue?.path.map(String).join('.') || 'input';
  return new WorkbenchError('invalid', `${call}: ${where}: ${issue?.message ?? 'not valid'}`);
}

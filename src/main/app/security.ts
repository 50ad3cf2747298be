/**
 * What the window may not do, whatever is shown in it: navigate away, open windows, hold web views, get permissions,
 * reach the network.
 */
import type { App, Session, WebContents } from 'electron';
import { isOwnPage, mayRequest } from './page-address';

type Refused = (what: string, details: Record<string, unknown>) => void;

/** Rules for every web contents there will ever be. */
export function guardContents(app: App, refused: Refused): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    const stop = (event: { preventDefault(): void }, what: string, url: string) => {
      event.preventDefault();
      refused(what, { url });
    };
    contents.on('will-navigate', (event, url) => {
      // A hash route of the page itself is no navigation; a reload of the page is.
      if (!isOwnPage(url)) stop(event, 'navigation', url);
    });
    contents.on('will-redirect', (event, url) => {
      if (!isOwnPage(url)) stop(event, 'redirect', url);
    });
    contents.on('will-attach-webview', (event) => stop(event, 'web view', ''));
    contents.setWindowOpenHandler(({ url }) => {
      refused('new window', { url });
      return { action: 'deny' };
    });
  });
}

/** Rules for the session: no permission, no device, no request to anywhere but the application itself. */
export function guardSession(session: Session, refused: Refused): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    refused('permission', { permission });
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !mayRequest(url);
    if (cancel) refused('request', { url: url.slice(0, 200) });
    answer({ cancel });
  });
}

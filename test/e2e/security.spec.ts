/** What the window promises about security, tried out in the real window. */
import type { Page } from '@playwright/test';
import { expect, openWorkbench, test, type Workbench } from './support/workbench';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder = '';
let workbench: Workbench;
let page: Page;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grounding-security-'));
  workbench = await openWorkbench({ folder });
  page = workbench.page;
  await page.waitForLoadState('load');
});
test.afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

test('P1: the page has no Node, is isolated and sandboxed', async () => {
  const found = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
  );
  expect(found).toEqual([]);
  const preferences = await workbench.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      // Not in Electron's types, but in every Electron.
      const contents = window.webContents as unknown as {
        getLastWebPreferences(): Record<string, boolean>;
      };
      const { sandbox, contextIsolation, webSecurity, nodeIntegration, webviewTag } =
        contents.getLastWebPreferences();
      return { sandbox, contextIsolation, webSecurity, nodeIntegration, webviewTag };
    }),
  );
  expect(preferences).toEqual([
    { sandbox: true, contextIsolation: true, webSecurity: true, nodeIntegration: false, webviewTag: false },
  ]);
});

test('P1: the page gets functions of the contract only', async () => {
  const offered = await page.evaluate(() => {
    const api = window.workbench as unknown as Record<string, Record<string, unknown> | undefined>;
    const kinds = Object.entries(api).flatMap(([domain, calls]) =>
      typeof calls === 'function'
        ? [`${domain}: function`]
        : Object.entries(calls ?? {}).map(([name, call]) => `${domain}.${name}: ${typeof call}`),
    );
    return { kinds, internal: api['images']?.['read'] !== undefined };
  });
  expect(offered.kinds.length).toBeGreaterThan(20);
  expect(offered.kinds.filter((kind) => !kind.endsWith(': function'))).toEqual([]);
  expect(offered.internal).toBe(false);
});

test('P2: the content security policy comes as a header and blocks foreign code', async () => {
  const header = await workbench.app.evaluate(async ({ net }) => {
    const response = await net.fetch('workbench://app/index.html');
    return response.headers.get('content-security-policy') ?? '';
  });
  expect(header).toMatch(/^default-src 'none'/);
  expect(header).not.toMatch(/unsafe/);

  const outcome = await page.evaluate(async () => {
    const violations: string[] = [];
    const note = (event: SecurityPolicyViolationEvent) => void violations.push(event.effectiveDirective);
    document.addEventListener('securitypolicyviolation', note);
    const marks = window as unknown as Record<string, unknown>;
    const script = document.createElement('script');
    script.textContent = 'window.inline = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.setAttribute('onerror', 'window.handler = true');
    image.src = 'workbench://app/nothing.png';
    document.body.append(image);
    const style = document.createElement('style');
    style.textContent = 'body { outline: 3px solid red }';
    document.head.append(style);
    // In a task of its own: what a test evaluates directly is exempt from the policy.
    const evaluated = await new Promise<string>((resolve) =>
      setTimeout(() => {
        try {
          new Function('return 1')();
          resolve('ran');
        } catch {
          resolve('refused');
        }
      }),
    );
    const fetched = await fetch('https://example.org/').then(
      () => 'fetched',
      () => 'refused',
    );
    const foreign = document.createElement('script');
    foreign.src = 'https://example.org/x.js';
    document.body.append(foreign);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const outline = getComputedStyle(document.body).outlineStyle;
    for (const element of [script, image, style, foreign]) element.remove();
    document.removeEventListener('securitypolicyviolation', note);
    return {
      violations: [...new Set(violations)].sort(),
      evaluated,
      fetched,
      outline,
      inline: marks['inline'],
      handler: marks['handler'],
    };
  });
  expect(outcome).toMatchObject({ evaluated: 'refused', fetched: 'refused', outline: 'none' });
  expect(outcome.inline).toBeUndefined();
  expect(outcome.handler).toBeUndefined();
  expect(outcome.violations).toEqual(
    expect.arrayContaining([
      'connect-src',
      'script-src',
      'script-src-attr',
      'script-src-elem',
      'style-src-elem',
    ]),
  );
});

test('P3: no navigation, no new windows, no web views', async () => {
  const address = page.url();
  await page.evaluate(() => {
    window.open('https://example.org/');
    const link = document.createElement('a');
    link.href = 'https://example.org/';
    link.target = '_blank';
    document.body.append(link);
    link.click();
    link.removeAttribute('target');
    link.click();
    link.href = 'file:///etc/passwd';
    link.click();
    link.remove();
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.org/');
    document.body.append(view);
    location.href = 'https://example.org/';
  });
  await page.waitForTimeout(500);
  expect(page.url().split('#')[0]).toBe(address.split('#')[0]);
  const counts = await workbench.app.evaluate(({ BrowserWindow, webContents }) => ({
    windows: BrowserWindow.getAllWindows().length,
    contents: webContents.getAllWebContents().filter((contents) => contents.getType() === 'webview').length,
  }));
  expect(counts).toEqual({ windows: 1, contents: 0 });
  await page.evaluate(() => document.querySelector('webview')?.remove());
});

test('P3: a dropped file does not replace the page', async () => {
  const file = join(folder, 'dropped.html');
  writeFileSync(file, '<title>taken over</title>');
  await workbench.app.evaluate(({ BrowserWindow }, url) => {
    // What the browser does with a dropped file: it navigates.
    return BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
      `location.assign(${JSON.stringify(url)})`,
    );
  }, `file://${file}`);
  await page.waitForTimeout(300);
  expect(await page.title()).not.toBe('taken over');
});

test('P4: only listed web pages are opened, through the gate', async () => {
  for (const url of [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://evil.example/',
    'http://github.com/',
  ]) {
    const result = await page.evaluate((address) => window.workbench.app.openExternal({ url: address }), url);
    expect(result).toMatchObject({ ok: false, error: { kind: 'refused' } });
  }
});

test('P5: every permission is denied', async () => {
  const answers = await page.evaluate(async () => {
    const outcome: Record<string, string> = {};
    const attempt = async (name: string, work: () => Promise<unknown>) => {
      outcome[name] = await work().then(
        (value) => String(value),
        () => 'denied',
      );
    };
    await attempt('notification', () => Notification.requestPermission());
    await attempt('camera', () => navigator.mediaDevices.getUserMedia({ video: true, audio: true }));
    await attempt('screen', () => navigator.mediaDevices.getDisplayMedia());
    await attempt('clipboard', () => navigator.clipboard.readText());
    await attempt(
      'place',
      () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
    );
    const query = (name: string) =>
      navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state);
    await attempt('query', () => query('geolocation'));
    return outcome;
  });
  expect(answers).toEqual({
    notification: 'denied',
    camera: 'denied',
    screen: 'denied',
    clipboard: 'denied',
    place: 'denied',
    query: 'denied',
  });
});

test('P6: a frame inside the page has no way to call', async () => {
  const inFrame = await page.evaluate(() => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const inner = frame.contentWindow as unknown as { workbench?: unknown; require?: unknown };
    const found = [typeof inner.workbench, typeof inner.require];
    frame.remove();
    return found;
  });
  expect(inFrame).toEqual(['undefined', 'undefined']);
});

test('P7: bad input comes back as a value with kind and message', async () => {
  const results = await page.evaluate(async () => {
    const list = window.workbench.datasets.list as unknown as (input: unknown) => Promise<unknown>;
    return Promise.all([list(undefined), list({ extra: 1 }), list('x')]);
  });
  for (const result of results) {
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining('datasets.list') },
    });
  }
});

test('P8: images come by id only', async () => {
  const statuses = await workbench.app.evaluate(
    async ({ net }, paths) => {
      const found: Record<string, number> = {};
      for (const path of paths)
        found[path] = await net.fetch(`workbench-image://image/${path}`).then(
          (answer) => answer.status,
          () => 0,
        );
      return found;
    },
    ['..%2f..%2fetc%2fpasswd', '..%5c1', '/etc/passwd', '1?path=/etc/passwd', '999999999'],
  );
  expect(statuses).toEqual({
    '..%2f..%2fetc%2fpasswd': 400,
    '..%5c1': 400,
    '/etc/passwd': 400,
    '1?path=/etc/passwd': 400,
    '999999999': 404,
  });
});

test('no request leaves the computer', async () => {
  const requested = await workbench.app.evaluate(async ({ net }) =>
    net.fetch('https://example.org/').then(
      () => 'sent',
      () => 'refused',
    ),
  );
  expect(requested).toBe('refused');
});

test('the page is served from its own folder only', async () => {
  const statuses = await workbench.app.evaluate(
    async ({ net }, paths) => {
      const found: number[] = [];
      for (const path of paths) found.push((await net.fetch(`workbench://app/${path}`)).status);
      return found;
    },
    ['..%2fmain%2findex.js', '..%2f..%2fpackage.json', 'nothing.js', 'index.html'],
  );
  expect(statuses).toEqual([404, 404, 404, 200]);
});

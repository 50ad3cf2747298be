import { describe, expect, it } from 'vitest';
import { allowedLink } from '../../src/main/app/external-links';
import { isOwnPage, mayRequest } from '../../src/main/app/page-address';
import { contentSecurityPolicy, pageFile } from '../../src/main/app/page-protocol';
import { parseReportAddress, reportPolicy } from '../../src/main/app/report-protocol';

describe('links to the web', () => {
  it.each(['https://arxiv.org/abs/1601.01705', 'https://github.com/', 'https://doi.org/10.1/x?y=1#z'])(
    'opens %s',
    (address) => expect(allowedLink(address)).toBe(address),
  );
  it.each([
    'http://github.com/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'smb://github.com/share',
    'data:text/html,x',
    'vbscript:x',
    'https://github.com.evil.org/',
    'https://evil.org/github.com',
    'https://evil@github.com/',
    'https://github.com:8443/',
    'https://github.com@evil.org/',
    'https://gist.github.com/',
    'HTTPS://example.org',
    '//github.com',
    'github.com',
    '',
  ])('refuses %s', (address) => expect(allowedLink(address)).toBeNull());
});

describe('the window’s own pages', () => {
  it('are those of our scheme and host alone', () => {
    expect(isOwnPage('workbench://app/index.html#/jobs')).toBe(true);
    expect(isOwnPage('workbench://report/')).toBe(false);
    expect(isOwnPage('workbench-image://app/')).toBe(false);
    expect(isOwnPage('not an address')).toBe(false);
  });

  it('may ask for nothing outside this computer', () => {
    expect(mayRequest('workbench-image://image/1')).toBe(true);
    expect(mayRequest('blob:workbench://app/1')).toBe(true);
    for (const address of [
      'https://x.org',
      'http://localhost',
      'ws://x',
      'file:///etc/passwd',
      'ftp://x',
      '',
    ]) {
      expect(mayRequest(address), address).toBe(false);
    }
  });

  it('are files of the built folder and of known types', () => {
    expect(pageFile('/app/renderer', 'workbench://app/index.html')).toBe('/app/renderer/index.html');
    expect(pageFile('/app/renderer', 'workbench://app/assets/a.js?x#y')).toBe('/app/renderer/assets/a.js');
    for (const path of [
      '..%2f..%2fsecret.json',
      '%2e%2e/%2e%2e/secret.json',
      '..%5c..%5csecret.json',
      'a%00.js',
      '%E0%A4%A.js',
      'assets/',
      'passwd',
      '',
    ]) {
      const file = pageFile('/app/renderer', `workbench://app/${path}`);
      expect(file === null || file.startsWith('/app/renderer/'), `${path} gives ${file}`).toBe(true);
    }
    expect(pageFile('/app/renderer', 'workbench://app/..%2f..%2fsecret.json')).toBeNull();
    expect(pageFile('/app/renderer', 'workbench://other/index.html')).toBeNull();
  });
});

describe('policies', () => {
  it('starts from nothing and allows no inline or made-up script', () => {
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'/);
    expect(contentSecurityPolicy).not.toContain('unsafe');
    expect(contentSecurityPolicy).not.toMatch(/https?:/);
  });

  it('lets a report show style and images as data, nothing else', () => {
    expect(reportPolicy).not.toContain('script-src');
    expect(reportPolicy).toMatch(/^default-src 'none'/);
    expect(reportPolicy).toContain('sandbox');
  });
});

describe('report addresses', () => {
  const options = { evaluation: { runIds: [1, 2] }, title: 'A & B' };
  const address = (value: unknown) =>
    `workbench-report://report/?options=${encodeURIComponent(JSON.stringify(value))}`;

  it('carry options of the contract', () => {
    expect(parseReportAddress(address(options))).toMatchObject({
      title: 'A & B',
      evaluation: { runIds: [1, 2] },
    });
  });
  it.each([
    address({ ...options, extra: 1 }),
    address({ evaluation: { runIds: [] } }),
    'workbench-report://report/',
    'workbench-report://other/?options=%7B%7D',
    'workbench-report://report/a?options=%7B%7D',
    'workbench-report://report/?options=%7B',
  ])('refuses %s', (bad) => expect(parseReportAddress(bad)).toBeNull());
});

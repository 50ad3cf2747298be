/** Web pages that the workbench may open in the person's browser. Everything else is refused. */

const hosts = ['github.com', 'arxiv.org', 'doi.org', 'huggingface.co', 'cocodataset.org'];

/** The address in normal form where it may be opened, else null: https, a listed host, no user name, no port. */
export function allowedLink(address: string): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return plain && hosts.includes(url.hostname) ? url.href : null;
}

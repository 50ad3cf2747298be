/** The window's own addresses, and the rules for what else may be asked for. */
import { imageScheme, pageScheme, reportScheme } from '../../common/channels';

export const pageHost = 'app';
export const startPage = `${pageScheme}://${pageHost}/index.html`;

/** Whether an address is one of the window's own pages. */
export function isOwnPage(address: string): boolean {
  const url = parse(address);
  return url !== null && url.protocol === `${pageScheme}:` && url.host === pageHost;
}

const ownProtocols = [pageScheme, imageScheme, reportScheme].map((scheme) => `${scheme}:`);
/** Content that the window itself made, and the developer tools' own files. */
const localProtocols = ['blob:', 'data:', 'devtools:'];

/** Whether the window may ask for an address at all: nothing outside this computer ever. */
export function mayRequest(address: string): boolean {
  const url = parse(address);
  return url !== null && [...ownProtocols, ...localProtocols].includes(url.protocol);
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

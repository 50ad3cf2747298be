/** A few texts as one archive. */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  name: string;
  content: Buffer;
}

/** `time`: when the entries are said to have been written. */
export async function makeZip(entries: readonly ZipEntry[], time: Date): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { name, content } of entries) zip.addBuffer(content, name, { mtime: time, mode: 0o100600 });
  zip.end();
  return buffer(zip.outputStream);
}

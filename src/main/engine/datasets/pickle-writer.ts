/** Plain data as a pickle of protocol 2, which Python 2.3 and every later Python read. */

export type Writable =
  null | boolean | number | string | readonly Writable[] | { readonly [name: string]: Writable };

const largestInt = 2 ** 31 - 1;

/** Numbers that are whole become int, others float. */
export function writePickle(value: Writable): Buffer {
  const parts: Buffer[] = [Buffer.from([0x80, 2])];
  write(value, parts);
  parts.push(Buffer.from('.'));
  return Buffer.concat(parts);
}

function write(value: Writable, parts: Buffer[]): void {
  if (value === null) parts.push(Buffer.from('N'));
  else if (typeof value === 'boolean') parts.push(Buffer.from([value ? 0x88 : 0x89]));
  else if (typeof value === 'number') parts.push(number(value));
  else if (typeof value === 'string') parts.push(text(value));
  else if (isList(value)) writeList(value, parts);
  else writeDictionary(value, parts);
}

function isList(
  value: readonly Writable[] | { readonly [name: string]: Writable },
): value is readonly Writable[] {
  return Array.isArray(value);
}

function writeList(values: readonly Writable[], parts: Buffer[]): void {
  parts.push(Buffer.from('](')); // EMPTY_LIST, MARK
  for (const value of values) write(value, parts);
  parts.push(Buffer.from('e')); // APPENDS
}

function writeDictionary(values: { readonly [name: string]: Writable }, parts: Buffer[]): void {
  parts.push(Buffer.from('}(')); // EMPTY_DICT, MARK
  for (const [name, value] of Object.entries(values)) {
    parts.push(text(name));
    write(value, parts);
  }
  parts.push(Buffer.from('u')); // SETITEMS
}

function number(value: number): Buffer {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    const bytes = Buffer.alloc(9);
    bytes.write('G'); // BINFLOAT
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (Math.abs(value) <= largestInt) {
    const bytes = Buffer.alloc(5);
    bytes.write('J'); // BININT
    bytes.writeInt32LE(value, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(10);
  bytes.set([0x8a, 8]); // LONG1 of eight bytes
  bytes.writeBigInt64LE(BigInt(value), 2);
  return bytes;
}

function text(value: string): Buffer {
  const content = Buffer.from(value, 'utf8');
  const head = Buffer.alloc(5);
  head.write('X'); // BINUNICODE
  head.writeUInt32LE(content.length, 1);
  return Buffer.concat([head, content]);
}

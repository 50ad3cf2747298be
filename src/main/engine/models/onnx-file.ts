/**
 * Looks into an ONNX file before the runtime does: walks the protocol buffer, without understanding operators,
 * to find weights that lie outside the file. Such a model would make the runtime read files that no hash covers.
 */

/** What a field of a message is, so far as external data can hide in it. */
type MessageName = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'function' | 'training';

/** Numbers of the fields that lead to tensors (onnx.proto, IR version 10 and older). */
const fieldsOf: Record<MessageName, Record<number, MessageName>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};

const externalDataField = 13;
const dataLocationField = 14;
const deepestNesting = 64;

/** Throws an Error where the bytes are not a protocol buffer that ends where it should. */
export function hasExternalData(bytes: Uint8Array): boolean {
  return walk(bytes, 0, bytes.length, 'model', 0);
}

function walk(bytes: Uint8Array, start: number, end: number, message: MessageName, depth: number): boolean {
  if (depth > deepestNesting) throw new Error('The model is nested too deeply.');
  let position = start;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1, read = 0; read < 10; factor *= 128, read += 1) {
      if (position >= end) throw new Error('The model ends in the middle of a number.');
      const byte = bytes[position] ?? 0;
      position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new Error('The model holds a number of more than ten bytes.');
  };
  while (position < end) {
    const key = varint();
    const field = Math.floor(key / 8);
    if (field === 0) throw new Error('The model holds a field without a number.');
    switch (key % 8) {
      case 0: {
        const value = varint();
        if (message === 'tensor' && field === dataLocationField && value !== 0) return true;
        break;
      }
      case 1:
        position += 8;
        break;
      case 2: {
        const length = varint();
        const from = position;
        position += length;
        if (position > end) throw new Error('The model ends in the middle of a field.');
        if (message === 'tensor' && field === externalDataField) return true;
        const inner = fieldsOf[message][field];
        if (inner && walk(bytes, from, position, inner, depth + 1)) return true;
        break;
      }
      case 5:
        position += 4;
        break;
      default:
        throw new Error('The model is not a protocol buffer.');
    }
    if (position > end) throw new Error('The model ends in the middle of a field.');
  }
  return false;
}

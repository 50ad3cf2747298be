/** When two bindings get in each other's way. */

/** Without what makes no difference: modifiers that may be held or not, and capital letters. */
function presses(keys: string): string[] {
  return keys
    .trim()
    .split(' ')
    .map((press) => press.replace(/\[\w+\]\+/g, '').toLowerCase());
}

/** Whether two keys are the same, or one is how the other begins: then the shorter one would wait for the rest. */
export function keysCollide(a: string, b: string): boolean {
  const [first, second] = [presses(a), presses(b)];
  const shared = Math.min(first.length, second.length);
  return first.slice(0, shared).join(' ') === second.slice(0, shared).join(' ');
}

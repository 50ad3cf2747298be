/** Keys that a person presses to choose them, in tinykeys' grammar. */

const modifiers = new Set(['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'CapsLock', 'Fn']);

/** null while only modifiers are held. Digits go by their place on the keyboard, letters by what they print. */
export function recordedKey(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string | null {
  const { key, code } = event;
  if (modifiers.has(key) || key === 'Dead' || key === 'Unidentified') return null;
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('$mod');
  if (event.altKey) parts.push('Alt');
  const isDigit = /^Digit\d$/.test(code);
  const isLetter = /^[a-z]$/i.test(key);
  const isSign = key.length === 1 && key !== ' ' && !isDigit && !isLetter;
  // What a sign needs of Shift differs from keyboard to keyboard; the brackets say that either is meant.
  if (event.shiftKey) parts.push(isSign ? '[Shift]' : 'Shift');
  parts.push(isDigit ? code : key === ' ' ? 'Space' : isLetter ? key.toLowerCase() : key);
  return parts.join('+');
}

/** Longer ones nobody remembers. */
const mostPresses = 3;
/** As long as the next key of a sequence may take when it is used, in milliseconds. */
export const sequencePause = 1_000;

/** What was recorded so far with one more press: after a pause it begins anew, as using the keys would. */
export function withPress(recorded: string, press: string, pause: number): string {
  const before = recorded.split(' ').filter(Boolean);
  const goesOn = pause < sequencePause && before.length < mostPresses;
  return goesOn ? [...before, press].join(' ') : press;
}

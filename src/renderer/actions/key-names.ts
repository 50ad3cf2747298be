/** Keys as they are printed on keyboards, for buttons, the cheat sheet and the palette. */
const isMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform);

const names: Record<string, string> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Control: 'Ctrl',
  Meta: isMac ? '⌘' : 'Meta',
  Alt: isMac ? '⌥' : 'Alt',
  Shift: isMac ? '⇧' : 'Shift',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Enter: 'Enter',
  Space: 'Space',
  Delete: 'Del',
  Backspace: '⌫',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Equal: '+',
  Minus: '−',
};

function keyName(key: string): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(key);
  const letter = /^Key([A-Z])$/.exec(key);
  return names[key] ?? digit?.[1] ?? letter?.[1] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** `$mod+Shift+z` → [["Ctrl", "Shift", "Z"]]; a sequence `g b` gives two presses. */
export function keyNames(keys: string): string[][] {
  return keys
    .trim()
    .split(' ')
    .map((press) =>
      press
        .split(/(?<=\w|\])\+/)
        .filter((part) => !/^\[.*\]$/.test(part))
        .map(keyName)
        // "Shift+?" is printed on one key.
        .filter((name, index, all) => !(name === names['Shift'] && /^[?!:"]$/.test(all[index + 1] ?? ''))),
    );
}

export function keyText(keys: string): string {
  return keyNames(keys)
    .map((press) => press.join(isMac ? '' : '+'))
    .join(' then ');
}

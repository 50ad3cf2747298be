/** View state that the window keeps for itself between starts. Losing it loses no work. */
const prefix = 'workbench:';

export function remember(key: string, value: unknown) {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden; the window then starts with its defaults.
  }
}

/** What was remembered, unchecked: the caller says what it accepts. */
export function recall(key: string): unknown {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

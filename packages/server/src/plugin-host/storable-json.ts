// Plugins' output is stored (logs, effects, errors), and no database can store every JavaScript string. The name `__proto__` is
// removed as well, since copying by assignment would turn it into a prototype.

const NUL = '\u0000';

/**
 * Makes JSON storable, in place: removes U+0000 from strings and names, replaces lone surrogates by U+FFFD, and drops
 * `__proto__`. Level by level, since recursion could overflow the stack.
 */
export function storable(json: unknown): unknown {
  if (typeof json === 'string') return storableText(json);
  const open: object[] = [];
  const fix = (value: unknown): unknown => {
    if (typeof value === 'string') return storableText(value);
    if (typeof value === 'object' && value !== null) open.push(value);
    return value;
  };
  fix(json);
  for (let value = open.pop(); value; value = open.pop()) {
    if (Array.isArray(value)) for (let at = 0; at < value.length; at++) value[at] = fix(value[at]);
    else fixNamed(value as Record<string, unknown>, fix);
  }
  return json;
}

function fixNamed(object: Record<string, unknown>, fix: (value: unknown) => unknown): void {
  for (const name in object) {
    const fixed = fix(object[name]);
    const storedName = storableText(name);
    if (storedName !== name || name === '__proto__') delete object[name];
    if (storedName === '__proto__') continue;
    if (fixed !== object[name]) object[storedName] = fixed;
  }
}

/** A text without U+0000 and lone surrogates, or the same. */
export function storableText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes(NUL) ? whole.replaceAll(NUL, '') : whole;
}

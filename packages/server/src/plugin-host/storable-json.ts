// What plugins say is kept (their logs, effects and errors), and no database holds all that a string of theirs may. Nor may
// a name be `__proto__`: an own property of that name becomes a prototype as soon as somebody copies it by assignment.

const NUL = '\u0000';

/**
 * JSON as it can be stored, changed in place: strings, names among them, without U+0000 and with U+FFFD for each half of a
 * surrogate pair; no `__proto__`. Goes level by level: a recursion could be made to end the stack.
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

function storableText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes(NUL) ? whole.replaceAll(NUL, '') : whole;
}

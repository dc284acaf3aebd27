// The escapes of search values, `\,` `\|` `\$` `\\`: https://hl7.org/fhir/R4/search.html#escaping

/** Splits where `separator` is not escaped; leaves the escapes. */
export function split(value: string, separator: ',' | '|'): string[] {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '\\' && i + 1 < value.length) part += value[i]! + value[++i]!;
    else if (value[i] === separator) {
      parts.push(part);
      part = '';
    } else part += value[i];
  }
  return [...parts, part];
}

/** The value with its escapes, so that nothing in it separates. */
export function escaped(value: string): string {
  return value.replace(/[,|$\\]/g, '\\$&');
}

/** The value itself. */
export function unescaped(value: string): string {
  return value.replace(/\\([,|$\\])/g, '$1');
}

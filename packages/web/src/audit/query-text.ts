// The query of a request as people read it: decoded, one parameter beside the other. The trail keeps it as it came.

/** `name=van%20Dyk&_count=5` as `name=van Dyk · _count=5`. */
export function queryText(query: string): string {
  return query.split('&').filter(Boolean).map(decoded).join(' · ');
}

/** What is no text stays as it came: half of a character, an escape that is none, what would not be seen. */
function decoded(parameter: string): string {
  return parameter.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      const text = decodeURIComponent(escapes);
      return /\p{C}/u.test(text) ? escapes : text;
    } catch {
      return escapes;
    }
  });
}

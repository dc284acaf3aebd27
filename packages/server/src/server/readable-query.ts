// The raw query of a request to /api: the router replaces what it can't decode by U+FFFD.

import { isUtf8 } from '#fhir/query.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';

/** Refuses a query whose escapes aren't UTF-8, which would search for something else than was meant. */
export function refuseUnreadable(url: string): void {
  const at = url.indexOf('?');
  for (const pair of at < 0 ? [] : url.slice(at + 1).split('&')) {
    const [parameter = '', value = ''] = [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1)];
    const wrong = unreadable(parameter) ?? unreadable(value);
    if (wrong === undefined) continue;
    const reason = `${wrong} is no character of UTF-8`;
    throw new Refusal('request.query', { parameter: parameter.slice(0, 100), reason });
  }
}

/** The first undecodable escape: `%zz`, `%ff`. */
function unreadable(text: string): string | undefined {
  const half = /%(?![0-9a-f]{2}).{0,2}/i.exec(text)?.[0];
  return (
    half ??
    text
      .match(/(?:%[0-9a-f]{2})+/gi)
      ?.find((escapes) => !isUtf8(escapes))
      ?.slice(0, 60)
  );
}

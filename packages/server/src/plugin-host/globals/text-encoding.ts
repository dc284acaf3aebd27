// TextEncoder and TextDecoder of the Encoding Standard, for UTF-8.

import { TextDecoder as AnyDecoder } from '@exodus/bytes/encoding-lite.js';

export { TextEncoder } from '@exodus/bytes/encoding-lite.js';

const UTF_8 = /^(?:unicode-1-1-utf-8|unicode11utf8|unicode20utf8|utf-?8|x-unicode20utf8)$/i;

export class TextDecoder extends AnyDecoder {
  constructor(label: string = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    if (!UTF_8.test(String(label).trim())) {
      throw new RangeError(
        `A plugin’s TextDecoder reads utf-8 only, not ${String(label).slice(0, 100)}: answers of this.http come as text, and other bytes need a package that decodes them`,
      );
    }
    super('utf-8', options);
  }
}

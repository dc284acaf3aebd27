// The ICD-10-CM order file of CDC and CMS (icd10cm_order_2026.txt): every code and heading, in columns.

import { type Format, lineReader, termOf } from './format.ts';

/** Order number (5), code without its dot (7), 1 when it is billed, short description (60), long description. */
const LINE = /^\d{5} ([A-Z0-9]{3,7}) *([01]) (.{60}) (.+)$/;

export const icd10cmOrder: Format = {
  name: 'icd10cm-order',
  label: 'ICD-10-CM order file',
  systems: ['icd10cm'],
  looks: 'lines such as "00001 A00     0 Cholera ...", as in icd10cm_order_2026.txt of CDC',
  fits: (first) => LINE.test(first),
  reader: (system) =>
    lineReader((text, line) => {
      if (text.trim() === '') return undefined;
      const match = LINE.exec(text);
      if (!match) return { line, fault: 'its columns are not those of an order file' };
      const [, code, billed, , long] = match;
      return termOf(system, line, {
        code: code!,
        display: long!.trim(),
        flags: billed === '1' ? [] : ['category'],
      });
    }),
};

// The alphanumeric HCPCS file of CMS (HCPC2026_APR_ANWEB.txt): procedures and supplies, in columns. By its record layout
// (HCPC2024_recordlayout.txt): code 1-5, sequence 6-10, record type 11, long description 12-91, short description 92-119,
// termination date 285-292. A long description goes on in records of type 4.

import type { Term } from '../term.ts';
import { type Format, NOTHING, type Read, termOf } from './format.ts';

const RECORD = /^([A-Z0-9]{5})(\d{5})([3478])/;
const MODIFIER = /^ {3}[A-Z0-9]{2}\d{5}[78]/;

export const hcpcsFixed: Format = {
  name: 'hcpcs-fixed',
  label: 'HCPCS alphanumeric file',
  systems: ['hcpcs'],
  looks:
    'columns of 320 characters, beginning such as "A0021001003Ambulance service ...", as in HCPC2026_APR_ANWEB.txt of CMS',
  fits: (first) => RECORD.test(first) || MODIFIER.test(first),
  reader: (system) => {
    let open: { line: number; term: Term } | undefined;
    const close = (): readonly Read[] => {
      const done = open;
      open = undefined;
      return done ? [termOf(system, done.line, done.term)] : NOTHING;
    };
    return {
      line(text, line) {
        if (text.trim() === '' || MODIFIER.test(text)) return close();
        const [, code, , type] = RECORD.exec(text) ?? [];
        const words = text.slice(11, 91).trim();
        if (type === '3') {
          const before = close();
          const short = text.slice(91, 119).trim();
          const ended = /^\d{8}$/.test(text.slice(284, 292));
          open = {
            line,
            term: { code: code!, display: words || short, flags: ended ? ['inactive'] : [], also: short },
          };
          return before;
        }
        if (type === '4' && open && open.term.code === code) {
          const { line: began, term } = open;
          open = { line: began, term: { ...term, display: `${term.display} ${words}`.trim() } };
          return NOTHING;
        }
        return [...close(), { line, fault: 'it is not a record of the HCPCS file' }];
      },
      end: close,
    };
  },
};

// The CVX table of CDC (cvx.txt): vaccines, in fields parted by "|".

import { type Format, lineReader, termOf } from './format.ts';

const COLUMN = { code: 0, short: 1, full: 2, status: 4 } as const;
const COLUMNS = 7;

export const cvxPipe: Format = {
  name: 'cvx-pipe',
  label: 'CVX table',
  systems: ['cvx'],
  looks:
    'seven fields parted by "|": code, short and full name, notes, status, non-vaccine, date, as in cvx.txt of CDC',
  fits: (first) => first.split('|').length >= COLUMNS,
  reader: (system) =>
    lineReader((text, line) => {
      if (text.trim() === '') return undefined;
      const fields = text.split('|').map((field) => field.trim());
      if (fields.length < COLUMNS) return { line, fault: 'it does not have the seven fields of the CVX table' };
      const display = fields[COLUMN.short]!;
      return termOf(system, line, {
        code: fields[COLUMN.code]!,
        display,
        flags: fields[COLUMN.status] === 'Active' ? [] : ['inactive'],
        also: fields[COLUMN.full]!,
      });
    }),
};

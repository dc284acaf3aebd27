// RXNCONSO.RRF of RxNorm (NLM): of all its names, those of drugs that are prescribed, and of their ingredients. https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html

import type { TermFlag } from '../term.ts';
import { type Format, lineReader, termOf } from './format.ts';

const COLUMN = { rxcui: 0, language: 1, source: 11, type: 12, name: 14, suppressed: 16 } as const;
const COLUMNS = 18;

/** Clinical drug, branded drug, generic pack, branded pack, ingredient. */
const TYPES: Readonly<Record<string, readonly TermFlag[]>> = {
  SCD: [],
  SBD: ['brand'],
  GPCK: ['pack'],
  BPCK: ['brand', 'pack'],
  IN: ['ingredient'],
};

export const rxnormRrf: Format = {
  name: 'rxnorm-rrf',
  label: 'RxNorm RRF',
  systems: ['rxnorm'],
  looks: '18 fields parted by "|", as in rrf/RXNCONSO.RRF of the RxNorm release',
  fits: (first) => /^\d+\|/.test(first) && first.split('|').length > COLUMNS,
  reader: (system) =>
    lineReader((text, line) => {
      if (text === '') return undefined;
      const fields = text.split('|');
      if (fields.length <= COLUMNS) return { line, fault: 'it does not have the 18 fields of RXNCONSO.RRF' };
      const type = fields[COLUMN.type]!;
      const wanted =
        fields[COLUMN.source] === 'RXNORM' &&
        fields[COLUMN.suppressed] === 'N' &&
        fields[COLUMN.language] === 'ENG' &&
        Object.hasOwn(TYPES, type);
      if (!wanted) return undefined;
      return termOf(system, line, {
        code: fields[COLUMN.rxcui]!,
        display: fields[COLUMN.name]!,
        flags: TYPES[type]!,
      });
    }),
};

// Loinc.csv of the LOINC release (LoincTable/Loinc.csv, or LoincTableCore.csv): every term with its names and ranks.

import type { CodeSystem } from '../systems.ts';
import type { Term, TermFlag } from '../term.ts';
import { CsvRecords } from './csv.ts';
import { type Format, NOTHING, type Read, type Reader, termOf } from './format.ts';
import { loincFlags } from './loinc-flags.ts';

/** LOINC's own ranks of common orders and tests come after our table of common ones. */
const RANKED_FROM = 1_000;
const RANKED_TO = 20_000;

export const loincCsv: Format = {
  name: 'loinc-csv',
  label: 'Loinc.csv',
  systems: ['loinc'],
  looks: 'a first line beginning "LOINC_NUM","COMPONENT", as in LoincTable/Loinc.csv of the LOINC release',
  fits: (first) => /^"?LOINC_NUM"?,/.test(first) && first.includes('LONG_COMMON_NAME'),
  reader,
};

function reader(system: CodeSystem): Reader {
  const records = new CsvRecords();
  let columns: Map<string, number> | undefined;
  return {
    line(text, line) {
      if (text === '' && records.unfinished === undefined) return NOTHING;
      const record = records.line(text, line);
      if (!record) return NOTHING;
      if (!columns) {
        columns = new Map(record.fields.map((name, column) => [name, column]));
        return NOTHING;
      }
      const value = (name: string): string => record.fields[columns?.get(name) ?? -1] ?? '';
      return [termOf(system, record.line, termFrom(value))];
    },
    end(): readonly Read[] {
      const line = records.unfinished;
      return line === undefined ? NOTHING : [{ line, fault: 'its quotes are not closed' }];
    },
  };
}

function termFrom(value: (column: string) => string): Term {
  const display = value('LONG_COMMON_NAME');
  const also = ['SHORTNAME', 'DisplayName', 'CONSUMER_NAME'].map(value).filter((name) => name !== '');
  const rank = Number(value('COMMON_ORDER_RANK')) || Number(value('COMMON_TEST_RANK'));
  return {
    code: value('LOINC_NUM'),
    display,
    flags: flagsOf(value, display),
    ...(also.length > 0 && { also: also.join('; ') }),
    ...(rank > 0 && { common: Math.min(RANKED_FROM + rank, RANKED_TO) }),
  };
}

/** Of CLASSTYPE: 2 is clinical, 3 and 4 are attachments and surveys. */
const LABORATORY = '1';

const ORDER_OBS: Readonly<Record<string, readonly TermFlag[]>> = {
  Order: ['order'],
  Observation: ['result'],
  Both: ['order', 'result'],
};

function flagsOf(value: (column: string) => string, display: string): TermFlag[] {
  const flags = new Set<TermFlag>([...(ORDER_OBS[value('ORDER_OBS')] ?? []), ...loincFlags(display)]);
  if (value('PanelType') !== '') flags.add('panel');
  if (value('CLASS').startsWith('RAD')) flags.add('imaging');
  if (value('CLASSTYPE') === LABORATORY) flags.add('laboratory');
  if (['DEPRECATED', 'DISCOURAGED'].includes(value('STATUS'))) flags.add('inactive');
  return [...flags];
}

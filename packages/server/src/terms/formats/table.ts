// Any table of codes and their texts: columns parted by tabs, or by commas (CSV), with a first line that names them or
// none. Lines that begin with # are remarks.

import { LOINC } from '@chartwire/sdk/internal/kit/systems';
import type { CodeSystem } from '../systems.ts';
import { isFlag, type Term, type TermFlag } from '../term.ts';
import { CsvRecords } from './csv.ts';
import { type Format, NOTHING, type Read, type Reader, termOf } from './format.ts';
import { loincFlags } from './loinc-flags.ts';

const CODE = [
  'code',
  'loinc',
  'loinc_num',
  'rxcui',
  'cvx',
  'cvx code',
  'hcpc',
  'hcpcs',
  'icd10',
  'icd10cm',
  'conceptid',
];
/** The first of these that is there is the text; all others are words to find it by. */
// biome-ignore format: a table is read by its rows
const TEXT = [
  'display', 'long description', 'description', 'long_common_name', 'name', 'term', 'text', 'short', 'short description',
  'cvx short description', 'full', 'full vaccine name', 'also',
];

interface Columns {
  readonly code: number;
  readonly texts: readonly number[];
  readonly flags: number | undefined;
  readonly billable: number | undefined;
  readonly status: number | undefined;
}

const UNNAMED: Columns = { code: 0, texts: [1], flags: undefined, billable: undefined, status: undefined };

export const table: Format = {
  name: 'table',
  label: 'table',
  systems: [],
  looks:
    'two columns or more, parted by tabs or commas: the code and its text, or columns named in the first line (code, display, also, billable, status)',
  fits: (first) => /[\t,]/.test(first) || first.startsWith('#'),
  reader,
};

function reader(system: CodeSystem): Reader {
  let columns: Columns | undefined;
  let tabs = false;
  const records = new CsvRecords();
  return {
    line(text, line) {
      if (records.unfinished === undefined && (text.trim() === '' || text.startsWith('#'))) return NOTHING;
      if (!columns) tabs = text.includes('\t');
      const record = tabs ? { fields: text.split('\t').map((field) => field.trim()), line } : records.line(text, line);
      if (!record) return NOTHING;
      if (!columns) {
        const named = columnsOf(record.fields);
        columns = named ?? UNNAMED;
        if (named) return NOTHING;
      }
      return [termOf(system, record.line, termFrom(record.fields, columns, system))];
    },
    end(): readonly Read[] {
      const line = records.unfinished;
      return line === undefined ? NOTHING : [{ line, fault: 'its quotes are not closed' }];
    },
  };
}

/** Undefined when the line does not name a code and a text: then it is a term already. */
function columnsOf(fields: readonly string[]): Columns | undefined {
  const names = fields.map((field) => field.toLowerCase());
  const at = (name: string): number | undefined => (names.includes(name) ? names.indexOf(name) : undefined);
  const code = CODE.map(at).find((column) => column !== undefined);
  const texts = TEXT.map(at).filter((column) => column !== undefined);
  if (code === undefined || texts.length === 0) return undefined;
  return { code, texts, flags: at('flags'), billable: at('billable'), status: at('status') ?? at('active') };
}

function termFrom(fields: readonly string[], columns: Columns, system: CodeSystem): Term {
  const [display = '', ...others] = columns.texts.map((column) => fields[column] ?? '').filter((text) => text !== '');
  return {
    code: fields[columns.code] ?? '',
    display,
    flags: flagsOf(fields, columns, system, display),
    ...(others.length > 0 && { also: others.join('; ') }),
  };
}

const NO = /^(?:0|n|no|f|false)$/i;
const INACTIVE =
  /^(?:0|n|no|f|false|inactive|never active|non-us|deprecated|discouraged|retired|terminated|obsolete)$/i;

function flagsOf(fields: readonly string[], columns: Columns, system: CodeSystem, display: string): TermFlag[] {
  const value = (column: number | undefined): string => (column === undefined ? '' : (fields[column] ?? ''));
  const flags = new Set<TermFlag>(
    value(columns.flags)
      .split(/[\s,]+/)
      .filter(isFlag),
  );
  if (NO.test(value(columns.billable))) flags.add('category');
  if (INACTIVE.test(value(columns.status))) flags.add('inactive');
  if (system.uri === LOINC) for (const flag of loincFlags(display)) flags.add(flag);
  return [...flags];
}

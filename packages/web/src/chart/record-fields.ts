// The fields of a record of any type, as words: by R4's data types, which look the same wherever they stand.

import type { CodeableConcept, HumanName, Quantity, Range, Resource } from '@medplum/fhirtypes';
import { literalOf } from '@chartwire/sdk/internal/kit/json/literals';
import { nameText as labelText } from '@chartwire/sdk/internal/commands/words';
import { conceptText, nameText, quantityText, rangeText } from '../fhir/words.ts';
import { tableOf } from '../table-of.ts';
import { clockText, dayText } from '../ui/time.tsx';

type Elements = Readonly<Record<string, unknown>>;

/** What is said elsewhere on the panel, or to programs alone. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...[
    'resourceType',
    'id',
    'meta',
    'implicitRules',
    'language',
    'text',
    'contained',
    'status',
    'note',
    'subject',
    'patient',
  ],
]);

/** Each field that it has, with its value. */
export function fieldsOf(record: Resource): readonly (readonly [label: string, value: string])[] {
  const elements = record as unknown as Elements;
  return [...partsOf(elements).filter(([name]) => !ELSEWHERE.has(name)), ...contained(elements)].flatMap(
    ([name, value]) => (value === '' ? [] : [[labelOf(name), value] as const]),
  );
}

function contained({ contained: within = [] }: Elements): readonly (readonly [string, string])[] {
  return (within as readonly Elements[]).map((one) => [
    String(one.resourceType),
    partsOf(one)
      .filter(([name]) => !['resourceType', 'id'].includes(name))
      .map(([name, value]) => `${labelOf(name)}: ${value}`)
      .join(', '),
  ]);
}

/** Its elements with their words; what begins with `_` only says more of a primitive. */
function partsOf(elements: Elements): readonly (readonly [name: string, value: string])[] {
  return Object.keys(elements)
    .filter((name) => !name.startsWith('_'))
    .map((name) => [name, wordsOf(elements[name], literalOf(elements, name))] as const);
}

/** `effectiveDateTime` as `Effective`, `reasonCode` as `Reason`. */
function labelOf(name: string): string {
  return labelText(
    name.replace(/(?<=[a-z])(?:DateTime|CodeableConcept|Reference|Quantity|Period|Code|String|Boolean)$/, ''),
  );
}

function wordsOf(value: unknown, literal?: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return literal ?? String(value);
  if (typeof value === 'string') return timeText(value) ?? value;
  if (Array.isArray(value))
    return value
      .map((one) => wordsOf(one))
      .filter(Boolean)
      .join('; ');
  return typeText(value as Elements) ?? partsText(value as Elements);
}

function partsText(elements: Elements): string {
  return partsOf(elements)
    .flatMap(([name, words]) => (words === '' || name === 'id' ? [] : [`${labelOf(name)}: ${words}`]))
    .join(', ');
}

function timeText(text: string): string | undefined {
  if (!/^\d{4}-\d{2}(?:-\d{2})?(?:T|$)/.test(text)) return undefined;
  return text.includes('T') ? `${dayText(text)}, ${clockText(text)}` : dayText(text);
}

/** What R4 has a data type for. Each is known by an element that no other has. */
function typeText(value: Elements): string | undefined {
  const has = (...names: readonly string[]): boolean => names.some((name) => name in value);
  if (has('coding') || isOnly(value, 'text')) return conceptText(value as CodeableConcept);
  if (has('div')) return narrativeText(String(value.div)).replaceAll('\n', ' / ');
  if (has('url') && Object.keys(value).some((name) => name.startsWith('value') || name === 'extension'))
    return extensionText(value);
  if (has('reference') || (has('display') && !has('code'))) return String(value.display ?? value.reference ?? '');
  if (has('low', 'high')) return rangeText(value as Range);
  if (has('numerator')) return `${wordsOf(value.numerator)} / ${wordsOf(value.denominator)}`;
  if (has('currency'))
    return [wordsOf(value.value, literalOf(value, 'value')), value.currency].filter(Boolean).join(' ');
  if (has('value') && !has('system')) return quantityText(value as Quantity);
  if (typeof value.value === 'number') return quantityText(value as Quantity);
  if (has('system') && has('value')) return String(value.value);
  if (has('code') && has('system')) return String(value.display ?? value.code);
  if (has('start', 'end') && Object.keys(value).every((name) => ['start', 'end', 'id', 'extension'].includes(name)))
    return [value.start && `from ${wordsOf(value.start)}`, value.end && `to ${wordsOf(value.end)}`]
      .filter(Boolean)
      .join(' ');
  if (has('family', 'given')) return nameText([value as HumanName]);
  if (has('contentType')) return String(value.title ?? value.url ?? value.contentType);
  if (has('text') && has('time', 'authorString', 'authorReference')) return String(value.text);
  return undefined;
}

function isOnly(value: Elements, name: string): boolean {
  return name in value && Object.keys(value).every((one) => [name, 'id', 'extension'].includes(one));
}

/** `patient-birthPlace: Graz`. */
function extensionText({ url, extension = [], ...value }: Elements): string {
  const own = Object.entries(value).flatMap(([name, one]) => (name.startsWith('value') ? wordsOf(one) : []));
  const nested = (extension as readonly Elements[]).map(extensionText);
  return `${String(url).split('/').at(-1)}: ${[...own, ...nested].filter(Boolean).join(', ')}`;
}

/** Where a line of a narrative ends. */
const BLOCK_ENDS = /<br[^>]*>|<\/(?:p|div|li|tr|h[1-6]|dt|dd|caption|pre|blockquote)\s*>/gi;
const ENTITIES: Readonly<Record<string, string>> = tableOf({
  ...{
    lt: '<',
    gt: '>',
    amp: '&',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    deg: '°',
    micro: 'µ',
    plusmn: '±',
    le: '≤',
    ge: '≥',
  },
  ...{
    ndash: '–',
    mdash: '—',
    rsquo: '’',
    lsquo: '‘',
    ldquo: '“',
    rdquo: '”',
    hellip: '…',
    bull: '•',
    times: '×',
    frac12: '½',
  },
});

/** The words of a narrative, a line for each of its blocks. It is well-formed: the server keeps no other. */
export function narrativeText(xhtml: string | undefined): string {
  const lines = (xhtml ?? '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(BLOCK_ENDS, '\n')
    .replaceAll(/<\/t[dh]\s*>/gi, '  ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, entityText)
    .split('\n');
  return lines
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n');
}

function entityText(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

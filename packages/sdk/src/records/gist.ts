// A summary of any record: what it is, when it was, and its state, from elements that R4's types share.

import type { Resource } from '@medplum/fhirtypes';

export interface Gist {
  /** `Pacemaker`; undefined if no element names it. */
  readonly title: string | undefined;
  /** Further details, on one line. */
  readonly text: string | undefined;
  /** As precise as written. */
  readonly date: string | undefined;
  readonly status: string | undefined;
}

/** Elements that name it, most informative first. */
// biome-ignore format: a list of words
export const NAMING = [
  'title', 'deviceName', 'name', 'code', 'codeCodeableConcept', 'medicationCodeableConcept', 'event', 'vaccineCode',
  'itemCodeableConcept', 'procedureCode', 'description', 'summary', 'medicationReference', 'codeReference', 'itemReference',
  'device', 'content', 'prediction', 'recommendation', 'targetDisease', 'suppliedItem', 'oralDiet', 'supplement',
  'enteralFormula', 'payload', 'morphology', 'location', 'type', 'modality', 'category', 'serviceType', 'topic', 'study',
  'lensSpecification', 'measure', 'comment', 'reasonCode', 'use', 'purpose', 'participantStatus', 'mode',
] as const;

/** Elements with further details. */
// biome-ignore format: a list of words
const TELLING = [
  'severity', 'seriousness', 'outcome', 'detail', 'implicated', 'dosage', 'dosageInstruction', 'summary', 'conclusion', 'description',
  'prediction', 'recommendation', 'participant', 'section', 'series', 'instruction', 'reasonCode', 'bodySite', 'site', 'type', 'category',
  'modality', 'manufacturer', 'modelNumber', 'manifestation', 'mitigation', 'note', 'comment', 'disposition',
] as const;

/** Elements with its date, closest to the event first. */
// biome-ignore format: a list of words
export const DATING = [
  'occurrenceDateTime', 'occurrencePeriod', 'occurrenceTiming', 'effectiveDateTime', 'effectivePeriod', 'identifiedDateTime',
  'identifiedPeriod', 'timingDateTime', 'timingPeriod', 'timingTiming', 'whenHandedOver', 'whenPrepared', 'started', 'date', 'dateTime', 'dateWritten',
  'createdDateTime', 'createdPeriod', 'servicedDate', 'servicedPeriod', 'servicePeriod', 'billablePeriod', 'applies', 'period', 'start',
  'collection', 'receivedTime', 'authoredOn', 'detected', 'recordedDate', 'recordedOn', 'enteredDate', 'created', 'issued', 'end',
] as const;

/** Elements within others that name those. */
const WITHIN = [
  'text',
  'display',
  'name',
  'title',
  'contentString',
  'outcome',
  'vaccineCode',
  'targetDisease',
  'qualitativeRisk',
  'forecastStatus',
] as const;

type Elements = Readonly<Record<string, unknown>>;

export function gistOf(record: Resource): Gist {
  const elements = record as unknown as Elements;
  const contained = Array.isArray(elements.contained) ? (elements.contained as readonly Elements[]) : [];
  const said = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => wordsOf(elements[name], contained) ?? []);
  const [name] = said(NAMING);
  const text = said(TELLING).find((one) => one !== name);
  // On a CommunicationRequest: it requests the opposite.
  const title = elements.doNotPerform === true ? ['Do not perform', name].filter(Boolean).join(': ') : name;
  return { title, text, date: DATING.map((name) => dateIn(elements[name])).find(Boolean), status: statusOf(elements) };
}

function statusOf({ status, active, actuality }: Elements): string | undefined {
  if (typeof status === 'string') return status;
  if (typeof active === 'boolean') return active ? 'active' : 'inactive';
  // On an AdverseEvent: it happened, or might have.
  return actuality === 'potential' ? actuality : undefined;
}

/** A value of any R4 type in words; undefined if it has none. */
function wordsOf(value: unknown, contained: readonly Elements[]): string | undefined {
  if (typeof value === 'string') return /^(?:https?:|urn:)/.test(value) ? undefined : value.trim() || undefined;
  if (Array.isArray(value)) {
    const all = [...new Set(value.flatMap((one) => wordsOf(one, contained) ?? []))];
    if (all.length === 0) return undefined;
    const told = all.slice(0, MOST).join(', ');
    return all.length > MOST ? `${told} and ${all.length - MOST} more` : told;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const elements = value as Elements;
  for (const name of WITHIN) {
    const words = wordsOf(elements[name], contained);
    if (words !== undefined) return words;
  }
  return codedWords(elements, contained) ?? nestedWords(elements, contained);
}

/** Maximum number of list items to show. */
const MOST = 3;

function codedWords({ coding, code, reference }: Elements, contained: readonly Elements[]): string | undefined {
  if (Array.isArray(coding)) {
    const shown = (coding as readonly Elements[]).find(({ display }) => display) ?? coding[0];
    return wordsOf(shown, contained);
  }
  if (code !== undefined) return wordsOf(code, contained);
  // `#med`: a contained record.
  const within = typeof reference === 'string' && contained.find(({ id }) => reference === `#${id}`);
  return within ? wordsOf(within.code ?? within, []) : undefined;
}

/** The content of an unnamed part: a delivery's item, a participant's actor. */
function nestedWords(elements: Elements, contained: readonly Elements[]): string | undefined {
  for (const name of ['itemCodeableConcept', 'type', 'actor', 'member', 'instance', 'modality', 'description']) {
    const words = wordsOf(elements[name], contained);
    if (words !== undefined) return words;
  }
  return undefined;
}

/** A date, the start of a period, the first of several times, or the time of collection. */
function dateIn(value: unknown): string | undefined {
  if (typeof value === 'string') return /^\d{4}/.test(value) ? value : undefined;
  if (Array.isArray(value)) return dateIn(value[0]);
  if (typeof value !== 'object' || value === null) return undefined;
  const { start, end, event, collectedDateTime, collectedPeriod } = value as Elements;
  return [start, end, event, collectedDateTime, collectedPeriod].map(dateIn).find(Boolean);
}

// The result of a questionnaire: an Observation of category survey, derived from the answers.
// https://hl7.org/fhir/R4/observation.html

import type { Observation, QuestionnaireResponse, Coding as R4Coding } from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import type { Coding } from '#kit/schema.ts';
import { DATA_ABSENT, INTERPRETATION, OBSERVATION_CATEGORY, UCUM } from '#kit/systems.ts';

export const SURVEY = { coding: [{ system: OBSERVATION_CATEGORY, code: 'survey', display: 'Survey' }] };

export interface NewResult {
  readonly id: string;
  readonly interview: QuestionnaireResponse & { readonly id: string };
  /** What the number means: PHQ-9 total score. */
  readonly code: R4Coding;
  /** Null if it couldn't be computed. */
  readonly score: number | null;
  readonly abnormal?: boolean;
  readonly narrative?: string;
  /** Its owner: `<plugin>/<key>`. */
  readonly identifier: { readonly system: string; readonly value: string };
  /** ISO 8601; for answers without a time. */
  readonly at: string;
}

export function newResult({
  id,
  interview,
  code,
  score,
  abnormal,
  narrative,
  identifier,
  at,
}: NewResult): Observation & { id: string } {
  return filled<Observation & { id: string }>({
    resourceType: 'Observation',
    id,
    identifier: [identifier],
    status: 'final',
    category: [SURVEY],
    code: { coding: [code] },
    subject: interview.subject && { reference: interview.subject.reference },
    encounter: interview.encounter,
    effectiveDateTime: interview.authored ?? at,
    valueQuantity: score === null ? undefined : { value: score, unit: '{score}', system: UCUM, code: '{score}' },
    dataAbsentReason: score === null ? { coding: [{ system: DATA_ABSENT, code: 'unknown' }] } : undefined,
    interpretation: abnormal === undefined ? undefined : [interpretationOf(abnormal)],
    note: narrative === undefined ? undefined : [{ text: narrative }],
    derivedFrom: [{ reference: `QuestionnaireResponse/${interview.id}` }],
  });
}

/** A result as shown with its questions. */
export interface ShownResult {
  readonly id: string;
  readonly code: Coding | null;
  readonly score: number | null;
  readonly abnormal: boolean | null;
  readonly narrative: string | null;
}

/** Undefined if the Observation isn't a result of these answers. */
export function resultOf(observation: Observation, interviews: ReadonlySet<string>): ShownResult | undefined {
  const {
    id = '',
    category,
    code,
    valueQuantity,
    valueString,
    interpretation,
    note,
    derivedFrom,
    status,
  } = observation;
  const isSurvey = category?.some(({ coding }) => coding?.some((one) => one.code === 'survey'));
  const ofThese = derivedFrom?.some(({ reference }) => interviews.has(reference ?? ''));
  if (!isSurvey || !ofThese || status === 'entered-in-error') return undefined;
  const interpreted = interpretation?.[0]?.coding?.[0]?.code;
  return {
    id,
    code: codingOf(code.coding),
    score: valueQuantity?.value ?? null,
    abnormal: interpreted === undefined ? null : interpreted !== 'N',
    narrative: note?.[0]?.text ?? valueString ?? null,
  };
}

/** The first with a code, reduced to the basic members. */
function codingOf(codings: readonly R4Coding[] = []): Coding | null {
  for (const { system, code, display } of codings)
    if (code !== undefined) return { ...(system && { system }), code, ...(display && { display }) };
  return null;
}

function interpretationOf(abnormal: boolean) {
  const [code, display] = abnormal ? ['A', 'Abnormal'] : ['N', 'Normal'];
  return { coding: [{ system: INTERPRETATION, code, display }] };
}

// pregnancy: checks a prescription for a patient whose chart says that they are pregnant.

import type { Condition, Observation } from '@medplum/fhirtypes';
import {
  CONDITION_CLINICAL,
  CONDITION_VERIFICATION,
  ICD10CM,
  LOINC,
  SNOMED,
} from '@chartwire/sdk/internal/kit/systems';
import { hasCoding } from '@chartwire/sdk/internal/records/codings';
import { pregnancyCaution } from '@chartwire/sdk/internal/substances/pregnancy';
import { type BuiltInCheck, type CheckedCommit, type Finding, mayRead, sentences } from './check.ts';
import { classesOf, partlyChecked, prescribedDrug, unlistedIn } from './drug.ts';
import { recordsOf } from './patient-records.ts';

/** ICD-10-CM codes of an ongoing pregnancy: supervision, weeks, disorders. Excludes its end and what follows. */
const PREGNANT = /^(?:Z33\.1|Z34|Z3A|O09|O1[0-6]|O2[0-9]|O3[0-9]|O4[0-8]|O98|O99|O9A)/;
/** SNOMED CT: pregnancy. */
const PREGNANCY = '77386006';
/** LOINC: pregnancy status. */
const PREGNANCY_STATUS = '82810-3';
/** Days for which a status counts. */
const STATUS_DAYS = 300;
const DAY_MS = 24 * 60 * 60 * 1_000;

const OVER: ReadonlySet<string> = new Set(['inactive', 'resolved', 'remission']);
const UNTRUE: ReadonlySet<string> = new Set(['refuted', 'entered-in-error']);

export const pregnancyCheck: BuiltInCheck = {
  name: 'pregnancy',
  label: 'Pregnancy',
  command: 'prescribe',
  summary:
    'Asks for a reason where FDA labeling warns against the drug in pregnancy and the chart has an active pregnancy, or a ' +
    'pregnancy status of the last 300 days. It knows the best established warnings only, and nothing of breastfeeding.',
  run: findPregnancy,
};

async function findPregnancy(asked: CheckedCommit): Promise<Finding | undefined> {
  const drug = await prescribedDrug(asked.fields, asked.terms);
  if (!drug) return undefined;
  const cautions = drug.ingredients.flatMap((ingredient) => {
    const caution = pregnancyCaution(ingredient, classesOf(ingredient) ?? []);
    return caution
      ? [`${ingredient[0]!.toUpperCase()}${ingredient.slice(1)} in pregnancy: ${caution.harm} (${caution.source}).`]
      : [];
  });
  const unlisted = drug.whole ? unlistedIn(drug) : [];
  if (cautions.length === 0 && drug.whole && unlisted.length === 0) return undefined;
  const source = await pregnancyIn(asked);
  if (source === undefined) return undefined;
  const unchecked = partlyChecked(drug, 'checked for warnings in pregnancy');
  if (cautions.length > 0) {
    const message = sentences([source, ...cautions, ...(drug.unknown.length > 0 ? [unchecked] : [])]);
    return { outcome: 'confirm', message, field: 'prescribe' };
  }
  const told =
    unlisted.length > 0
      ? `The table of warnings doesn’t know ${unlisted.join(', ')}: it was not checked.`
      : drug.ingredients.length > 0
        ? unchecked
        : 'The ingredients of this drug are unknown: it was not checked.';
  return { outcome: 'unknown', message: `The patient is pregnant. ${told}`, field: 'prescribe' };
}

/** The evidence that the patient is pregnant, as a sentence; undefined if there is none. */
async function pregnancyIn(asked: CheckedCommit): Promise<string | undefined> {
  const { draft, patient, at } = asked;
  const condition = (await recordsOf(draft, 'Condition', patient)).find(isPregnancy);
  if (condition) {
    if (!mayRead(asked, 'Condition')) return 'The chart says that the patient is pregnant.';
    const since = (condition.onsetDateTime ?? condition.recordedDate)?.slice(0, 10);
    const name = condition.code?.text ?? condition.code?.coding?.[0]?.display ?? 'a pregnancy';
    return `The chart has an active pregnancy: ${name}${since ? `, since ${since}` : ''}.`;
  }
  const query = `&code=${encodeURIComponent(`${LOINC}|${PREGNANCY_STATUS}`)}`;
  const statuses = (await recordsOf(draft, 'Observation', patient, query)).filter(isStatus);
  const [latest] = statuses.toSorted((a, b) => Date.parse(timeOf(b)) - Date.parse(timeOf(a)));
  if (!latest || !hasCoding(latest.valueCodeableConcept, SNOMED, new Set([PREGNANCY]))) return undefined;
  const recent = Date.parse(at) - Date.parse(timeOf(latest)) <= STATUS_DAYS * DAY_MS;
  return recent ? `The chart says that the patient was pregnant on ${timeOf(latest).slice(0, 10)}.` : undefined;
}

function isPregnancy({ code, clinicalStatus, verificationStatus }: Condition): boolean {
  if (hasCoding(clinicalStatus, CONDITION_CLINICAL, OVER)) return false;
  if (hasCoding(verificationStatus, CONDITION_VERIFICATION, UNTRUE)) return false;
  return (code?.coding ?? []).some(
    ({ system, code: one = '' }) =>
      (system === ICD10CM && PREGNANT.test(one)) || (system === SNOMED && one === PREGNANCY),
  );
}

function isStatus(observation: Observation): boolean {
  const { status, code } = observation;
  const counts = status === 'final' || status === 'amended' || status === 'corrected' || status === 'preliminary';
  return counts && timeOf(observation) !== '' && hasCoding(code, LOINC, new Set([PREGNANCY_STATUS]));
}

function timeOf({ effectiveDateTime, effectivePeriod, issued }: Observation): string {
  return effectiveDateTime ?? effectivePeriod?.start ?? issued ?? '';
}

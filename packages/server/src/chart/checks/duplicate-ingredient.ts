// duplicate-ingredient: compares a prescription with what the patient already takes. A renewal isn't a duplicate: an order whose
// supply has ended or soon will doesn't count.

import type { CodeableConcept, Medication, MedicationRequest, MedicationStatement } from '@medplum/fhirtypes';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { classInSentence, drugClass } from '@chartwire/sdk/internal/substances/classes';
import { type BuiltInCheck, type CheckedCommit, type Finding, mayRead, sentences } from './check.ts';
import { classesOf, type Drug, drugOf, partlyChecked, prescribedDrug, unlistedIn } from './drug.ts';
import { recordsOf } from './patient-records.ts';

/** Days before the end of a supply when it may be renewed. */
const RENEWED_BEFORE = 14;
const DAY_MS = 24 * 60 * 60 * 1_000;

export const duplicateIngredientCheck: BuiltInCheck = {
  name: 'duplicate-ingredient',
  label: 'Duplicate',
  command: 'prescribe',
  summary:
    'Finds an ingredient that the patient takes already, or a second drug of a class of which nobody takes two, and asks for a ' +
    'reason. A renewal passes from 14 days before the supply ends. Interactions are not checked.',
  run: findDuplicate,
};

async function findDuplicate(asked: CheckedCommit): Promise<Finding | undefined> {
  const drug = await prescribedDrug(asked.fields, asked.terms);
  if (!drug) return undefined;
  if (drug.ingredients.length === 0) {
    const message = 'The ingredients of this drug are unknown: it was not checked for duplicates.';
    return { outcome: 'unknown', message, field: 'prescribe' };
  }
  const found: string[] = [];
  const unclear: string[] = [];
  const taken = await drugsTaken(asked);
  for (const one of taken) {
    const why = duplicateOf(drug, one);
    if (why) found.push(why);
    else if (!one.whole) unclear.push(one.name);
  }
  const names = mayRead(asked, 'MedicationStatement');
  if (found.length === 0) {
    const message = sentences([
      ...uncheckedIn(drug, taken.length > 0),
      ...uncompared(names ? unclear : unclear.map(() => 'a medication')),
    ]);
    return message === '' ? undefined : { outcome: 'unknown', message, field: 'prescribe' };
  }
  const duplicates = names ? found : ['The patient takes one of its ingredients, or of its class, already.'];
  const rest = drug.unknown.length > 0 ? [partlyChecked(drug, CHECKED)] : [];
  const message = sentences([...duplicates, 'Stop what this replaces.', ...rest]);
  return { outcome: 'confirm', message, field: 'prescribe' };
}

const CHECKED = 'checked for duplicates';

/** The unknown part of the drug itself. */
function uncheckedIn(drug: Drug, takesAny: boolean): string[] {
  if (!drug.whole) return [partlyChecked(drug, CHECKED)];
  const unlisted = takesAny ? unlistedIn(drug) : [];
  if (unlisted.length === 0) return [];
  return [`The drug class of ${unlisted.join(', ')} is unknown: it was ${CHECKED} by its name only.`];
}

/** The unknown part of the drugs that the patient takes. */
function uncompared(unclear: readonly string[]): string[] {
  if (unclear.length === 0) return [];
  const names = [...new Set(unclear)].join(', ');
  return [`Some of what the patient takes was not compared, since its ingredients are not all known: ${names}.`];
}

function duplicateOf(drug: Drug, taken: Drug): string | undefined {
  const same = drug.ingredients.find((ingredient) => taken.ingredients.includes(ingredient));
  if (same) return `The patient takes ${same} already: ${taken.name}.`;
  for (const ingredient of drug.ingredients) {
    for (const key of classesOf(ingredient) ?? []) {
      const known = drugClass(key);
      if (known?.once && taken.ingredients.some((one) => classesOf(one)?.includes(key)))
        return `The patient takes one of the ${classInSentence(known)} already: ${taken.name}.`;
    }
  }
  return undefined;
}

/** Drugs on the medication list or ordered, except those due for renewal; each once. */
async function drugsTaken(asked: CheckedCommit): Promise<Drug[]> {
  const { draft, patient, terms } = asked;
  const requests = (await recordsOf(draft, 'MedicationRequest', patient)).filter(
    ({ status, intent }) => status === 'active' && intent !== 'proposal' && intent !== 'plan',
  );
  const ending = new Set(requests.filter((request) => endsSoon(request, asked.at)).map(({ id }) => id));
  const statements = (await recordsOf(draft, 'MedicationStatement', patient)).filter(
    ({ status, derivedFrom = [] }) =>
      (status === 'active' || status === 'intended') &&
      !derivedFrom.some((one) => ending.has(requestIn(one.reference))),
  );
  const listed = new Set(
    statements.flatMap(({ derivedFrom = [] }) => derivedFrom.map((one) => requestIn(one.reference))),
  );
  const orders = requests.filter(({ id }) => !ending.has(id) && !listed.has(id));
  const drugs: Drug[] = [];
  for (const record of [...statements, ...orders]) drugs.push(await drugOf(await conceptOf(asked, record), terms));
  return drugs;
}

function requestIn(reference: string | undefined): string | undefined {
  const named = parseReference(reference);
  return named?.type === 'MedicationRequest' ? named.id : undefined;
}

/** From the record itself, or its contained or referenced Medication, or else the reference's text. */
async function conceptOf(
  { draft }: CheckedCommit,
  { medicationCodeableConcept, medicationReference, contained = [] }: MedicationRequest | MedicationStatement,
): Promise<CodeableConcept> {
  if (medicationCodeableConcept) return medicationCodeableConcept;
  const { reference, display } = medicationReference ?? {};
  const inside = contained.find(({ resourceType, id }) => resourceType === 'Medication' && `#${id}` === reference);
  const named = inside ? undefined : parseReference(reference);
  const found = named?.type === 'Medication' ? await draft.read('Medication', named.id) : inside;
  const code = (found as Medication | undefined)?.code;
  return code ?? { text: display ?? 'an unnamed medication' };
}

function endsSoon({ authoredOn, dispenseRequest }: MedicationRequest, at: string): boolean {
  const { expectedSupplyDuration: supply, numberOfRepeatsAllowed: refills = 0 } = dispenseRequest ?? {};
  if (!authoredOn || supply?.value === undefined || supply.code !== 'd') return false;
  const end = Date.parse(authoredOn) + supply.value * (1 + refills) * DAY_MS;
  return end - RENEWED_BEFORE * DAY_MS <= Date.parse(at);
}

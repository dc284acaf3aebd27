// /api/patients: find a patient by anything known about them. The records are at /fhir/R4/Patient.

import type { Patient } from '@medplum/fhirtypes';
import { askedOf } from '#chart/patient-query.ts';
import { PATIENTS, type PatientShape } from '@chartwire/client/internal/contract/patients';
import { addressText, currentAddress, currentContact } from '@chartwire/sdk/internal/records/person';
import type { PatientWords } from '#store/patients.ts';
import { nearestWords } from '#terms/spelling.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf } from './entries.ts';
import { conceptText, personName } from './names.ts';

export const PATIENT_ROUTES: RoutesOf<typeof PATIENTS> = {
  find: route(
    PATIENTS.find,
    async (call, { chart, patientWords }) => {
      const { query = '', limit: most = 20 } = call.query;
      const asked = await askedFor(patientWords, query);
      const { lists } = chart.reader(originOf(call));
      const found = await lists.patients(asked, most);
      const visits = await lists.lastVisits(found.map(({ id }) => id));
      return { items: found.map(({ id, record }) => patientView({ ...record!, id }, visits)), next: null };
    },
    { patients: ({ items }) => items.map(({ id }) => id) },
  ),
};

/** Other spellings to search for, per word. */
const SPELLINGS = 20;
/** Letters of the intended word that may be missing. */
const WRONG = 2;

async function askedFor(words: PatientWords, query: string): Promise<ReturnType<typeof askedOf>> {
  await words.refresh();
  const similar = (word: string) => nearestWords(word, words.sharing(word, WRONG), SPELLINGS);
  return askedOf(query, new Date(), similar);
}

/** @param visits start of each patient's last visit */
export function patientView(patient: Patient & { id: string }, visits: ReadonlyMap<string, string>): PatientShape {
  return {
    id: patient.id,
    name: personName(patient.name),
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    identifiers: (patient.identifier ?? []).flatMap(({ system = null, value, type }) =>
      value === undefined ? [] : [{ system, value, type: conceptText(type) }],
    ),
    phone: currentContact(patient.telecom, 'phone')?.value ?? null,
    address: addressText(currentAddress(patient.address)) ?? null,
    lastVisit: visits.get(patient.id) ?? null,
    photo: patient.photo?.find(({ url }) => url !== undefined)?.url ?? null,
    active: patient.active ?? true,
    deceased: patient.deceasedBoolean ?? patient.deceasedDateTime !== undefined,
  };
}

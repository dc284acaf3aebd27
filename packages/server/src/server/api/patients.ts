// /api/patients: finding a patient by whatever of them is known. Patients themselves are at /fhir/R4/Patient.

import type { Patient } from '@medplum/fhirtypes';
import type { Pool } from 'pg';
import { type Static, Type } from 'typebox';
import { WORD } from '#chart/patient-index.ts';
import { askedOf } from '#chart/patient-query.ts';
import { currentContact } from '@chartwire/sdk/internal/records/person';
import { PatientWords } from '#store/patients.ts';
import { nearestWords } from '#terms/spelling.ts';
import { type Route, route } from '../route.ts';
import { only, originOf } from './entries.ts';
import { conceptText, personName } from './names.ts';
import { FhirId, limit, orNull } from './parameters.ts';

export const PatientShape = Type.Object({
  id: FhirId,
  name: orNull(Type.String()),
  birthDate: orNull(Type.String()),
  sex: orNull(Type.String({ description: 'The administrative gender.' })),
  identifiers: Type.Array(
    Type.Object({ system: orNull(Type.String()), value: Type.String(), type: orNull(Type.String()) }),
  ),
  phone: orNull(Type.String()),
  photo: orNull(Type.String({ description: 'Address of a picture.' })),
  active: Type.Boolean(),
  deceased: Type.Boolean(),
});
export type PatientShape = Static<typeof PatientShape>;

export const PATIENT_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/patients',
    operation: 'patients.find',
    summary: 'The patients whom a query may mean, best first; without one, those of whom something was written last',
    needs: 'Patient.s',
    query: only({
      query: Type.Optional(
        Type.String({
          maxLength: 200,
          description:
            'Words of a name (also misspelt), a day of birth, a telephone number, an identifier, in any order.',
        }),
      ),
      limit: limit(20, 100),
    }),
    answer: {
      status: 200,
      description: 'The best of them; there is no second page.',
      schema: Type.Object({ items: Type.Array(PatientShape), next: Type.Null() }),
    },
    handle: async (call, { store, chart }) => {
      const { query = '', limit: most = 20 } = call.query;
      const asked = await askedFor(store.pool, query);
      const found = await chart.reader(originOf(call)).lists.patients(asked, most);
      return { items: found.map(({ id, resource }) => patientView({ ...(resource as Patient), id })), next: null };
    },
    patients: ({ items }) => items.map(({ id }) => id),
  }),
];

/** Other spellings that are looked for with each word. */
const SPELLINGS = 20;
/** Letters that may be missing from a word that is meant. */
const WRONG = 2;

const words = new WeakMap<Pool, PatientWords>();

async function askedFor(pool: Pool, query: string): Promise<ReturnType<typeof askedOf>> {
  const known = words.get(pool) ?? new PatientWords(pool, WORD);
  words.set(pool, known);
  await known.refresh();
  const similar = (word: string) => nearestWords(word, known.sharing(word, WRONG), SPELLINGS);
  return askedOf(query, new Date(), similar);
}

export function patientView(patient: Patient & { id: string }): PatientShape {
  return {
    id: patient.id,
    name: personName(patient.name),
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    identifiers: (patient.identifier ?? []).flatMap(({ system = null, value, type }) =>
      value === undefined ? [] : [{ system, value, type: conceptText(type) }],
    ),
    phone: currentContact(patient.telecom, 'phone')?.value ?? null,
    photo: patient.photo?.find(({ url }) => url !== undefined)?.url ?? null,
    active: patient.active ?? true,
    deceased: patient.deceasedBoolean ?? patient.deceasedDateTime !== undefined,
  };
}

// /api/patients: find a patient by anything known about them.

import { type Static, Type } from 'typebox';
import { FhirId, limit, only, orNull, Time } from './parameters.ts';
import { row } from './row.ts';

export const PatientShape = Type.Object({
  id: FhirId,
  name: orNull(Type.String()),
  birthDate: orNull(Type.String()),
  sex: orNull(Type.String({ description: 'The administrative gender.' })),
  identifiers: Type.Array(
    Type.Object({ system: orNull(Type.String()), value: Type.String(), type: orNull(Type.String()) }),
  ),
  phone: orNull(Type.String()),
  address: orNull(Type.String({ description: 'On one line.' })),
  lastVisit: orNull(Time, { description: 'When the last visit began; null also for who may not read visits.' }),
  photo: orNull(Type.String({ description: 'Address of a picture.' })),
  active: Type.Boolean(),
  deceased: Type.Boolean(),
});
export type PatientShape = Static<typeof PatientShape>;

export const PATIENTS = {
  find: row({
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
            'Words of a name (also misspelled), a day of birth, a telephone number, an identifier, in any order.',
        }),
      ),
      limit: limit(20, 100),
    }),
    answer: {
      status: 200,
      description: 'The best of them; there is no second page.',
      schema: Type.Object({ items: Type.Array(PatientShape), next: Type.Null() }),
    },
  }),
};

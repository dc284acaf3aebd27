// The patient's identity on a printout, so that a loose page can be filed.

import type { Patient } from '@medplum/fhirtypes';
import { choiceText } from '@chartwire/sdk/internal/commands/words';
import { dateIn, dateText } from '@chartwire/sdk/internal/kit/partial-date';
import {
  addressText,
  currentAddress,
  currentContact,
  medicalRecordNumber,
  nameText,
} from '@chartwire/sdk/internal/records/person';
import { isAdult } from '@chartwire/sdk/internal/records/vital-bounds';
import type { Fact, PrintedPatient } from './printout.ts';

export function printedPatient(patient: Patient | undefined, timeZone: string): PrintedPatient {
  if (!patient) return { name: 'The patient’s record was deleted', identity: [], contact: [], adult: true };
  const { birthDate, gender, address, telecom, name } = patient;
  return {
    name: nameText(name) ?? 'A patient without a name',
    identity: [
      ...fact('Born', birthDate && dateText(birthDate)),
      ...fact('Sex', gender && choiceText(gender)),
      ...fact('MRN', medicalRecordNumber(patient)),
      ...fact('Deceased', deathText(patient, timeZone)),
    ],
    contact: [
      ...fact('Phone', currentContact(telecom, 'phone')?.value),
      ...fact('Address', addressText(currentAddress(address))),
    ],
    adult: isAdult(birthDate),
  };
}

function fact(label: string, text: string | undefined): Fact[] {
  return text ? [[label, text]] : [];
}

function deathText({ deceasedBoolean, deceasedDateTime }: Patient, timeZone: string): string | undefined {
  if (deceasedDateTime) return dateText(dateIn(timeZone, deceasedDateTime));
  return deceasedBoolean ? 'yes' : undefined;
}

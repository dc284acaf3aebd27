// A field to find a patient in. Two patients may share a name, so the field shows the number of who is chosen.

import type { Patient } from '@medplum/fhirtypes';
import { useDeferredValue, useState } from 'react';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { medicalRecordNumber } from '@chartwire/sdk/internal/records/person';
import { ageText, nameText } from '../fhir/words.ts';
import { type Choice, Combobox } from '../ui/combobox.tsx';
import type { Tied } from '../ui/field.tsx';
import { dayText } from '../ui/time.tsx';
import { apartText, type FoundPatient, isMeant, nameApart, numberOf } from './found-patient.ts';

/** Patients listed at once. */
const MOST = 12;

export interface PickedPatient extends Choice {}

export function PatientPicker({
  tied,
  value,
  onChange,
  autoFocus,
  except,
  placeholder = 'Name, birth date, number or phone',
}: {
  readonly tied?: Tied;
  readonly value: PickedPatient | null;
  readonly onChange: (patient: PickedPatient | null) => void;
  readonly autoFocus?: boolean;
  /** Id of a patient who is no choice here. */
  readonly except?: string;
  readonly placeholder?: string;
}) {
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState(false);
  const words = useDeferredValue(query.trim());
  const { data, isFetching, isPlaceholderData } = useApi(
    api.patients.find,
    { query: { query: words, limit: except === undefined ? MOST : MOST + 1 } },
    // Who is listed here is in the audit trail: nobody is before somebody looks for them.
    { keep: true, enabled: wanted },
  );
  const choices = data?.items.filter(({ id }) => id !== except).slice(0, MOST);
  return (
    <Combobox<PickedPatient>
      {...(tied ? { tied } : { label: 'Patient' })}
      {...(autoFocus && { autoFocus })}
      value={value}
      onChange={onChange}
      query={query}
      onQuery={setQuery}
      onFocus={() => setWanted(true)}
      choices={choices?.map((patient) => ({ ...choiceOf(patient), fits: isMeant(patient, words) }))}
      more={choices !== undefined && choices.length >= MOST}
      busy={isFetching}
      stale={isPlaceholderData || words !== query.trim()}
      placeholder={placeholder}
    />
  );
}

/** A patient who was chosen before; the record is undefined until it is read. */
export function pickedPatient(id: string, patient: Patient | undefined): PickedPatient {
  const text = nameText(patient?.name);
  const number = patient && medicalRecordNumber(patient);
  return { value: id, text, chosen: nameApart(text, number, patient?.birthDate) };
}

function choiceOf(patient: FoundPatient): PickedPatient {
  const { id, birthDate, sex, deceased, identifiers } = patient;
  const text = patient.name ?? 'No name';
  const person = [dayText(birthDate), deceased ? 'deceased' : ageText(birthDate ?? undefined), sex];
  const description = (
    <>
      <span className="block">{person.filter(Boolean).join(' · ')}</span>
      <span className="block break-words tabular">{apartText(patient)}</span>
    </>
  );
  return { value: id, text, chosen: nameApart(text, numberOf(identifiers), birthDate), description };
}

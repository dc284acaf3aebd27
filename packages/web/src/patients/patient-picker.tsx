// A field to find a patient in.

import { useDeferredValue, useState } from 'react';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { ageText } from '../fhir/words.ts';
import { type Choice, Combobox } from '../ui/combobox.tsx';
import type { Tied } from '../ui/field.tsx';
import { dayText } from '../ui/time.tsx';
import { apartText, type FoundPatient, isMeant } from './found-patient.ts';

/** Patients listed at once. */
const MOST = 12;

export interface PickedPatient extends Choice {}

export function PatientPicker({
  tied,
  value,
  onChange,
  autoFocus,
  placeholder = 'Name, birth date, number or phone',
}: {
  readonly tied?: Tied;
  readonly value: PickedPatient | null;
  readonly onChange: (patient: PickedPatient | null) => void;
  readonly autoFocus?: boolean;
  readonly placeholder?: string;
}) {
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState(false);
  const words = useDeferredValue(query.trim());
  const { data, isFetching, isPlaceholderData } = useApi(
    api.patients.find,
    { query: { query: words, limit: MOST } },
    // Who is listed here is in the audit trail: nobody is before somebody looks for them.
    { keep: true, enabled: wanted },
  );
  return (
    <Combobox<PickedPatient>
      {...(tied ? { tied } : { label: 'Patient' })}
      {...(autoFocus && { autoFocus })}
      value={value}
      onChange={onChange}
      query={query}
      onQuery={setQuery}
      onFocus={() => setWanted(true)}
      choices={data?.items.map((patient) => ({ ...choiceOf(patient), fits: isMeant(patient, words) }))}
      more={data !== undefined && data.items.length >= MOST}
      busy={isFetching}
      stale={isPlaceholderData || words !== query.trim()}
      placeholder={placeholder}
    />
  );
}

function choiceOf(patient: FoundPatient): PickedPatient {
  const { id, name, birthDate, sex, deceased } = patient;
  const person = [dayText(birthDate), deceased ? 'deceased' : ageText(birthDate ?? undefined), sex];
  const description = (
    <>
      <span className="block">{person.filter(Boolean).join(' · ')}</span>
      <span className="block break-words tabular">{apartText(patient)}</span>
    </>
  );
  return { value: id, text: name ?? 'No name', description };
}

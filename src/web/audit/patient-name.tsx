// A patient of whom the audit trail knows the id alone.

import type { Patient } from '@medplum/fhirtypes';
import { Link } from 'wouter';
import { useRecord } from '../api/queries.ts';
import { nameText } from '../fhir/words.ts';

export function PatientName({ id }: { readonly id: string }) {
  const { data } = useRecord<Patient>('Patient', id);
  return (
    <Link href={`/patients/${id}`} className="text-accent-text hover:underline">
      {data ? nameText(data.name) : id}
    </Link>
  );
}

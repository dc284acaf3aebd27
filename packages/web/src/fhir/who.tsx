// The person or organization that a reference names: by the words it brings, else by the record's own name.

import type { Organization, Patient, Practitioner, Reference, RelatedPerson } from '@medplum/fhirtypes';
import { useRecord } from '../api/queries.ts';
import { nameText } from './words.ts';

type Named = Practitioner | Patient | RelatedPerson | Organization;
const NAMED: readonly string[] = [
  'Practitioner',
  'Patient',
  'RelatedPerson',
  'Organization',
] satisfies readonly Named['resourceType'][];

export function Who({ reference }: { readonly reference: Reference | undefined }) {
  const [type = '', id] = reference?.reference?.split('/').slice(-2) ?? [];
  const wanted = reference?.display === undefined && NAMED.includes(type);
  const { data } = useRecord(type as Named['resourceType'], id, { enabled: wanted });
  if (reference?.display) return reference.display;
  if (!data) return wanted ? '…' : (reference?.reference ?? null);
  return data.resourceType === 'Organization' ? (data.name ?? 'No name') : nameText(data.name);
}

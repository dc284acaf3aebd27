// A record by its type and id, leading to what happened to it; and the patient in whose chart something is.

import { Link } from 'wouter';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { Who } from '../fhir/who.tsx';
import { typeText } from './event-words.ts';

/** Of a link that stands alone: high enough for a finger. */
export const LINK = 'inline-flex min-h-6 items-center gap-1 text-accent-text hover:underline';

/** `task …250cc8f5`: ids are long, and their ends tell them apart. */
export function RecordLink({ reference }: { readonly reference: string }) {
  const { type, id } = parseReference(reference) ?? { type: '', id: '' };
  if (!id) return reference;
  return (
    <Link href={`/events?target=${type}/${id}`} title={reference} className={LINK}>
      {typeText(type)} <span className="font-mono text-2xs">{shortId(id)}</span>
    </Link>
  );
}

const SHOWN = 8;

function shortId(id: string): string {
  return id.length > SHOWN + 1 ? `…${id.slice(-SHOWN)}` : id;
}

export function PatientLink({ id, name }: Named) {
  return (
    <Link href={`/patients/${id}`} className={LINK}>
      <PatientName id={id} name={name} />
    </Link>
  );
}

interface Named {
  readonly id: string;
  /** Undefined where it is not known: it is asked for. */
  readonly name?: string | null | undefined;
}

export function PatientName({ id, name }: Named) {
  return name === undefined ? <Who reference={{ reference: `Patient/${id}` }} /> : (name ?? id);
}

// A record by its type and id, leading to what happened to it; and the patient in whose chart something is.

import { Link } from 'wouter';
import { parseReference } from '#kit/ids.ts';
import { typeText } from './event-words.ts';

const LOOK = 'text-accent-text hover:underline';

/** `task 3f2a…`; ids are long, and their ends tell them apart. */
export function RecordLink({ reference }: { readonly reference: string }) {
  const { type, id } = parseReference(reference) ?? { type: '', id: '' };
  if (!id) return reference;
  return (
    <Link href={`/events?target=${type}/${id}`} title={reference} className={LOOK}>
      {typeText(type)} <span className="font-mono text-2xs">{shortId(id)}</span>
    </Link>
  );
}

const SHOWN = 8;

function shortId(id: string): string {
  return id.length > SHOWN + 1 ? `…${id.slice(-SHOWN)}` : id;
}

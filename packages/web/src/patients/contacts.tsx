// Whom to call for the patient.

import type { Patient, PatientContact } from '@medplum/fhirtypes';
import { Pencil, Phone, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { conceptText, nameText } from '../fhir/words.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Card } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';
import { tell } from '../ui/toast.tsx';
import { EntryDialog } from './entry-dialog.tsx';

/** Of a patient as they were seen: all contacts that there are from then on. */
interface Change {
  readonly of: Patient;
  readonly contacts: readonly PatientContact[];
}

export function Contacts({ patient }: { readonly patient: Patient }) {
  const { may } = useSession();
  const [editing, setEditing] = useState<number | null>(null);
  const contacts = patient.contact ?? [];
  const mayWrite = may('Patient', 'u');
  const putBack = useWrite((server, { of, contacts }: Change) => server.fhir.update(withContacts(of, contacts), of));
  const remove = useWrite((server, { of, contacts }: Change) => server.fhir.update(withContacts(of, contacts), of), {
    onDone: (changed, { of }) => {
      const undo = { label: 'Undo', run: () => putBack.send({ of: changed, contacts: of.contact ?? [] }) };
      tell('Contact removed.', { action: undo });
    },
  });
  const removeAt = (index: number): void =>
    remove.send({ of: patient, contacts: contacts.filter((_, at) => at !== index) });
  return (
    <Card
      title="Contacts"
      count={contacts.length}
      actions={
        mayWrite && (
          <Button size="sm" icon={Plus} onClick={() => setEditing(contacts.length)}>
            Add
          </Button>
        )
      }
    >
      {contacts.length === 0 ? (
        <Empty icon={Phone} title="No contacts yet.">
          Add a next of kin, a guardian or an emergency contact.
        </Empty>
      ) : (
        <ul>
          {contacts.map((contact, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a contact is its place in the patient
              key={index}
              className="flex min-h-10 items-center gap-3 border-line border-b px-3 py-1 text-sm last:border-0"
            >
              <span className="min-w-0 flex-1">
                <span className="font-medium">{contact.name ? nameText([contact.name]) : 'No name'}</span>{' '}
                <span className="text-ink-3">{contact.relationship?.map(conceptText).join(', ')}</span>
              </span>
              <span className="text-ink-2 tabular">{phoneOf(contact)}</span>
              {mayWrite && (
                <span className="flex">
                  <IconButton icon={Pencil} label="Change this contact" onClick={() => setEditing(index)} />
                  <IconButton
                    icon={Trash2}
                    label="Remove this contact"
                    busy={remove.pending}
                    onClick={() => removeAt(index)}
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <ContactDialog patient={patient} contact={contacts[editing]} onClose={() => setEditing(null)} />
      )}
    </Card>
  );
}

function phoneOf({ telecom }: PatientContact): string | undefined {
  return telecom?.find(({ system }) => system === 'phone')?.value;
}

function withContacts(patient: Patient, contacts: readonly PatientContact[]): Patient {
  const { contact: _, ...rest } = patient;
  return contacts.length > 0 ? { ...rest, contact: [...contacts] } : rest;
}

function ContactDialog({
  patient,
  contact,
  onClose,
}: {
  readonly patient: Patient;
  readonly contact: PatientContact | undefined;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(contact?.name ? nameText([contact.name]) : '');
  const [relationship, setRelationship] = useState(contact?.relationship?.map(conceptText).join(', ') ?? '');
  const [phone, setPhone] = useState((contact && phoneOf(contact)) ?? '');
  // Once it is added it is in the list.
  const [fresh] = useState(!contact);
  const save = useWrite(
    (server) => {
      const entered = contactFrom(contact, name.trim(), relationship.trim(), phone.trim());
      const others = patient.contact ?? [];
      const all = contact ? others.map((one) => (one === contact ? entered : one)) : [...others, entered];
      return server.fhir.update(withContacts(patient, all), patient);
    },
    {
      shown: 'here',
      onDone: () => {
        tell(fresh ? 'Contact added.' : 'Contact changed.');
      },
      onHere: onClose,
    },
  );
  return (
    <EntryDialog title={fresh ? 'Add a contact' : 'Change a contact'} save={save} onClose={onClose}>
      <Field label="Name" required>
        {(tied) => (
          <TextInput {...tied} required autoFocus value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field label="Relationship" hint="Daughter, guardian, neighbour …">
        {(tied) => (
          <TextInput {...tied} value={relationship} onChange={({ target }) => setRelationship(target.value)} />
        )}
      </Field>
      <Field label="Phone" required>
        {(tied) => (
          <TextInput {...tied} required type="tel" value={phone} onChange={({ target }) => setPhone(target.value)} />
        )}
      </Field>
    </EntryDialog>
  );
}

/** What the dialog does not show stays; a coded relationship too, while its word is the same. */
function contactFrom(
  before: PatientContact | undefined,
  name: string,
  relationship: string,
  phone: string,
): PatientContact {
  const sameName = before?.name && nameText([before.name]) === name;
  const sameRelationship = (before?.relationship?.map(conceptText).join(', ') ?? '') === relationship;
  const words = name.split(/\s+/);
  const others = before?.telecom?.filter(({ system }) => system !== 'phone') ?? [];
  const { relationship: former, ...rest } = before ?? {};
  const kept = sameRelationship ? former : relationship ? [{ text: relationship }] : undefined;
  return {
    ...rest,
    name: sameName ? before.name! : { given: words.slice(0, -1), family: words.at(-1)!, text: name },
    ...(kept && { relationship: kept }),
    telecom: [{ system: 'phone', value: phone }, ...others],
  };
}

// A party is added to the directory, or changed: a pharmacy, a specialist, a team.

import type { Organization } from '@medplum/fhirtypes';
import { useState } from 'react';
import { type PartyFacts, partyFacts, withFacts } from '@chartwire/sdk/internal/records/party-facts';
import { kindOf, PARTY_KINDS, type Party, type PartyKey } from '@chartwire/sdk/internal/records/parties';
import { api } from '../api/client.ts';
import { useWrite } from '../api/write.ts';
import { EntryDialog } from '../patients/entry-dialog.tsx';
import { Checkbox, Field, Select, TextInput } from '../ui/field.tsx';
import { tell } from '../ui/toast.tsx';

const NOTHING: PartyFacts = { name: '', specialty: '', organization: '', phone: '', fax: '', address: '' };

/** Which facts the form asks for, by the type of the record. */
const ASKED: Readonly<Record<Party['resourceType'], readonly (keyof PartyFacts)[]>> = {
  Organization: ['address', 'phone', 'fax'],
  PractitionerRole: ['specialty', 'organization', 'phone', 'fax'],
  HealthcareService: ['specialty', 'organization', 'phone', 'fax'],
  CareTeam: [],
};

const LABELS: Readonly<Record<keyof PartyFacts, string>> = {
  name: 'Name',
  specialty: 'Specialty',
  organization: 'Practice or hospital',
  phone: 'Phone',
  fax: 'Fax',
  address: 'Address',
};

export function PartyDialog({
  kind: given,
  party,
  name = '',
  onSaved,
  onClose,
}: {
  readonly kind: PartyKey;
  /** The one that is changed. */
  readonly party?: Party;
  /** What a new one is called, as far as it is typed already. */
  readonly name?: string;
  readonly onSaved?: (party: Party & { readonly id: string }) => void;
  readonly onClose: () => void;
}) {
  const [kind, setKind] = useState(given);
  const [facts, setFacts] = useState(party ? partyFacts(party) : { ...NOTHING, name });
  const [active, setActive] = useState(!party || isActive(party));
  const { label, type } = PARTY_KINDS[kind];
  const set = (fact: keyof PartyFacts, value: string): void => setFacts({ ...facts, [fact]: value });
  const save = useWrite(
    (server) => {
      const body = withActive(withFacts(kind, facts, party), active);
      return party ? server.fhir.update(body, party) : server.fhir.create(body);
    },
    {
      shown: 'here',
      changes: [api.fhir.path(type)],
      onDone: () => {
        tell(party ? `${facts.name} saved.` : `${facts.name} added to the directory.`);
      },
      onHere: (saved) => {
        onSaved?.(saved);
        onClose();
      },
    },
  );
  return (
    <EntryDialog
      title={party ? `Change ${party.resourceType === 'CareTeam' ? 'a team' : facts.name}` : addLabel(kind)}
      verb={party ? 'Save' : 'Add'}
      save={save}
      onClose={onClose}
    >
      {party?.resourceType === 'Organization' && (
        <Field label="Kind">
          {(tied) => (
            <Select {...tied} value={kind} onChange={({ target }) => setKind(target.value as PartyKey)}>
              {ORGANIZATIONS.map((key) => (
                <option key={key} value={key}>
                  {PARTY_KINDS[key].label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field label="Name" required {...(isStaff(party) && { hint: 'Change the name in the person’s own record.' })}>
        {(tied) => (
          <TextInput
            {...tied}
            required
            autoFocus
            pattern=".*\S.*"
            title="A name"
            readOnly={isStaff(party)}
            maxLength={200}
            placeholder={type === 'PractitionerRole' ? 'Amara Singh, MD' : undefined}
            value={facts.name}
            onChange={({ target }) => set('name', target.value)}
          />
        )}
      </Field>
      {ASKED[type].map((fact) => (
        <Field key={fact} label={LABELS[fact]}>
          {(tied) => (
            <TextInput
              {...tied}
              type={fact === 'phone' || fact === 'fax' ? 'tel' : 'text'}
              maxLength={200}
              value={facts[fact]}
              onChange={({ target }) => set(fact, target.value)}
            />
          )}
        </Field>
      ))}
      {party && (
        <Checkbox
          label={`Offer this ${label.toLowerCase()} in searches`}
          checked={active}
          onChange={({ target }) => setActive(target.checked)}
        />
      )}
    </EntryDialog>
  );
}

const ORGANIZATIONS = (Object.keys(PARTY_KINDS) as PartyKey[]).filter(
  (key) => PARTY_KINDS[key].type === 'Organization',
);

/** `Add an imaging center`. */
export function addLabel(kind: PartyKey): string {
  const label = PARTY_KINDS[kind].label.toLowerCase();
  return `Add ${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`;
}

/** The kind by which a record is changed, from the list that it stands in. */
export function kindIn(list: PartyKey, party: Party): PartyKey {
  return party.resourceType === 'Organization' ? kindOf(party as Organization) : list;
}

/** A role of a person who is kept as a record of their own. */
function isStaff(party: Party | undefined): boolean {
  return party?.resourceType === 'PractitionerRole' && party.practitioner?.reference !== undefined;
}

export function isActive(party: Party): boolean {
  return party.resourceType === 'CareTeam' ? party.status !== 'inactive' : party.active !== false;
}

function withActive(party: Party, active: boolean): Party {
  if (isActive(party) === active) return party;
  return party.resourceType === 'CareTeam'
    ? { ...party, status: active ? 'active' : 'inactive' }
    : { ...party, active };
}

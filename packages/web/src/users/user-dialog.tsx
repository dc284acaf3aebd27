// One person who may sign in: invited, changed, given a new link, shut out.

import { useState } from 'react';
import type { Practitioner } from '@medplum/fhirtypes';
import type { Role, UserShape } from '@chartwire/client/internal/contract/users';
import { api } from '../api/client.ts';
import { useApi, useRecord, useRecords } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { nameText } from '../fhir/words.ts';
import { Button } from '../ui/button.tsx';
import { type Choice, Combobox } from '../ui/combobox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, Field, TextInput } from '../ui/field.tsx';
import { fitsWords } from '../ui/fits.ts';
import { tell } from '../ui/toast.tsx';
import { ShownOnce } from './shown-once.tsx';
import { UserLink } from './user-link.tsx';

interface Draft {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly practitioner: string | null;
  readonly active: boolean;
  readonly linkByAddress: boolean;
}

const NOBODY: Draft = {
  login: '',
  name: '',
  roles: ['clinician'],
  practitioner: null,
  active: true,
  linkByAddress: true,
};

interface WithLink {
  readonly link: string;
  readonly expiresAt: string;
}

export function UserDialog({ user, onClose }: { readonly user: UserShape | null; readonly onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>(user ?? NOBODY);
  const [given, setGiven] = useState<WithLink | null>(null);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const attempt = useWrite(
    async (server, what: 'save' | 'reset'): Promise<WithLink | null> => {
      const { login, name, roles, practitioner, active, linkByAddress } = draft;
      if (!user) return server.users.create({ body: { login: login.trim(), name, roles, practitioner } });
      const params = { id: user.id };
      if (what === 'reset') return server.users.reset({ params });
      await server.users.update({ params, body: { name, roles, practitioner, active, linkByAddress } });
      return null;
    },
    {
      shown: 'here',
      changes: [api.users.list.path()],
      onDone: (link) => !link && tell(`${draft.name} is changed.`, { about: 'It applies from their next click.' }),
      onHere: (link) => (link ? setGiven(link) : onClose()),
    },
  );

  if (given)
    return (
      <ShownOnce
        title={`A link for ${draft.name}`}
        about="Give it only to them. It works once, and isn’t shown again."
        text={given.link}
        until={given.expiresAt}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={user ? user.name : 'Invite a user'}
      onSubmit={() => attempt.send('save')}
      problem={attempt.problem}
      about={user ? user.login : 'You get a link for them, with which they choose a password.'}
      footer={
        <>
          {user && (
            <Button className="mr-auto" busy={attempt.pending} onClick={() => attempt.send('reset')}>
              New password link
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            busy={attempt.pending}
            disabled={draft.name.trim() === '' || draft.roles.length === 0}
          >
            {user ? 'Save' : 'Invite'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {!user && (
          <Field label="Login" hint="Usually their e-mail address." required>
            {(tied) => (
              <TextInput
                {...tied}
                autoFocus
                value={draft.login}
                onChange={({ target }) => change({ login: target.value })}
              />
            )}
          </Field>
        )}
        <Field label="Name" hint="Shown to others with what they write." required>
          {(tied) => (
            <TextInput {...tied} value={draft.name} onChange={({ target }) => change({ name: target.value })} />
          )}
        </Field>
        <Roles roles={draft.roles} onChange={(roles) => change({ roles })} />
        <PractitionerField value={draft.practitioner} onChange={(practitioner) => change({ practitioner })} />
        {user && (
          <Checkbox
            label="Can sign in. If cleared, they’re signed out everywhere immediately."
            checked={draft.active}
            onChange={({ target }) => change({ active: target.checked })}
          />
        )}
        {user && (
          <UserLink
            user={user}
            linkByAddress={draft.linkByAddress}
            onAllow={(linkByAddress) => change({ linkByAddress })}
            onRemoved={() => change({ linkByAddress: false })}
          />
        )}
      </div>
    </Dialog>
  );
}

function Roles({
  roles,
  onChange,
}: {
  readonly roles: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}) {
  const { data } = useApi(api.users.roles, {});
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-ink-2 text-xs">Roles (one or more)</legend>
      {data?.items.map(({ name, summary }) => (
        <Checkbox
          key={name}
          className="items-start"
          checked={roles.includes(name)}
          onChange={({ target }) =>
            onChange(target.checked ? [...roles, name] : roles.filter((other) => other !== name))
          }
          label={
            <span>
              <span className="font-medium">{name}</span>
              <span className="block text-ink-3 text-xs">{summary}</span>
            </span>
          }
        />
      ))}
    </fieldset>
  );
}

/** Practitioners listed at once. */
const MOST = 20;

function PractitionerField({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (practitioner: string | null) => void;
}) {
  const [query, setQuery] = useState('');
  const typed = query.trim();
  const found = useRecords(
    'Practitioner',
    { ...(typed !== '' && { name: typed.split(/\s+/) }), 'active:not': 'false', _sort: 'name', _count: MOST },
    { keep: true },
  );
  const chosen = useRecord('Practitioner', value ?? undefined);
  return (
    <Field label="Practitioner" hint="Shown as the author of what they write in a chart. Leave empty for none.">
      {(tied) => (
        <Combobox<Choice>
          tied={tied}
          value={value === null ? null : { value, text: chosen.data ? nameText(chosen.data.name) : '…' }}
          onChange={(choice) => onChange(choice?.value ?? null)}
          query={query}
          onQuery={setQuery}
          choices={found.data?.map((one) => choiceOf(one, typed))}
          more={found.data !== undefined && found.data.length >= MOST}
          busy={found.isFetching}
          stale={found.isPlaceholderData}
          placeholder="Type their name"
          none="No practitioner with that name."
        />
      )}
    </Field>
  );
}

/** Two of one name are told apart by their identifiers. */
function choiceOf({ id, name, identifier, qualification }: Practitioner, typed: string): Choice {
  const text = nameText(name);
  const { text: degree } = qualification?.[0]?.code ?? {};
  const description = [degree, identifier?.[0]?.value].filter(Boolean).join(' · ');
  return { value: id ?? '', text, description, fits: fitsWords(text, typed) };
}

// A token for a program: a name, scopes, perhaps an end.

import { useState } from 'react';
import { api } from '../api/client.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextArea, TextInput } from '../ui/field.tsx';
import { ShownOnce } from './shown-once.tsx';
import { instantOf } from '../today/days.ts';

export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState('system/*.rs');
  const [until, setUntil] = useState('');
  const [token, setToken] = useState<string | null>(null);
  const make = useWrite(
    (server) => {
      const expiresAt = until ? instantOf(until, '23:59:59') : null;
      const body = { name: name.trim(), scopes: scopes.split(/[\s,]+/).filter(Boolean), expiresAt };
      return server.tokens.create({ body });
    },
    { shown: 'here', changes: [api.tokens.list.path()], onDone: ({ token }) => setToken(token) },
  );
  if (token)
    return (
      <ShownOnce
        title={`The token of ${name}`}
        about="Give it only to the program, as its bearer token. It isn’t shown again."
        text={token}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create token"
      onSubmit={() => make.send()}
      problem={make.problem}
      about="For a program that uses the FHIR API or /api."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={make.pending} disabled={!name.trim() || !scopes.trim()}>
            Create
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Name" hint="The program’s name. It’s shown with what it does." required>
          {(tied) => <TextInput {...tied} autoFocus value={name} onChange={({ target }) => setName(target.value)} />}
        </Field>
        <Field
          label="Scopes"
          hint="SMART on FHIR v2, separated by spaces: system/Observation.rs system/Task.cu …"
          required
        >
          {(tied) => <TextArea {...tied} value={scopes} onChange={({ target }) => setScopes(target.value)} />}
        </Field>
        <Field label="Until" hint="If empty, it’s valid until revoked.">
          {(tied) => (
            <TextInput {...tied} type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

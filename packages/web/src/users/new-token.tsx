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
        about="For the program alone, as its bearer token. It is not shown again."
        text={token}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Make a token"
      onSubmit={() => make.send()}
      problem={make.problem}
      about="For a program that comes in at the FHIR door or the API."
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look="primary" busy={make.pending} disabled={!name.trim() || !scopes.trim()}>
            Make it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Name" hint="What the program is. It stands beside what it does." required>
          {(tied) => <TextInput {...tied} autoFocus value={name} onChange={({ target }) => setName(target.value)} />}
        </Field>
        <Field
          label="Scopes"
          hint="SMART on FHIR v2, with spaces between: system/Observation.rs system/Task.cu …"
          required
        >
          {(tied) => <TextArea {...tied} value={scopes} onChange={({ target }) => setScopes(target.value)} />}
        </Field>
        <Field label="Until" hint="Without a day it is good until it is revoked.">
          {(tied) => (
            <TextInput {...tied} type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

// A plugin's variables: those that are no secret are seen and changed, secrets are written only.

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { submitting } from '../ui/submit.ts';
import { tell } from '../ui/toast.tsx';
import type { Variable } from './shapes.ts';

export function Variables({ name }: { readonly name: string }) {
  const variables = useApi(api.plugins.variables.list, { params: { name } });
  return (
    <Loaded from={variables}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon={KeyRound} title="No variables.">
            A plugin lists its variables in chartwire.json; what differs from place to place, and what is secret, is set
            here.
          </Empty>
        ) : (
          <ul className="divide-y divide-line">
            {items.map((variable) => (
              <VariableRow key={variable.key} plugin={name} variable={variable} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function VariableRow({ plugin, variable }: { readonly plugin: string; readonly variable: Variable }) {
  const { key, value, sensitive, set, description } = variable;
  const [draft, setDraft] = useState<string | null>(null);
  const params = { name: plugin, key };
  /** Null forgets it. */
  const change = useWrite(
    (server, value: string | null): Promise<unknown> => {
      const { set, delete: forget } = server.plugins.variables;
      return value === null ? forget({ params }) : set({ params, body: { value } });
    },
    {
      changes: [api.plugins.variables.list.path({ params: { name: plugin } })],
      onDone: (_, value) => {
        setDraft(null);
        tell(`${key} ${value === null ? 'is no longer set' : 'is set'}`);
      },
    },
  );
  return (
    <li>
      <form
        onSubmit={submitting(() => draft !== null && change.send(draft))}
        className="flex max-w-3xl flex-wrap items-end gap-2 px-5 py-3"
      >
        <Field
          label={key}
          hint={description}
          className="min-w-64 flex-1"
          aside={
            <span className="flex gap-1">
              {sensitive && <Badge icon={KeyRound}>secret</Badge>}
              <Badge tone={set ? 'ok' : 'warn'}>{set ? 'set' : 'not set'}</Badge>
            </span>
          }
        >
          {(tied) => (
            <TextInput
              {...tied}
              type={sensitive ? 'password' : 'text'}
              autoComplete={sensitive ? 'new-password' : 'off'}
              placeholder={sensitive && set ? 'Hidden. Type a new value to replace it.' : ''}
              value={draft ?? value ?? ''}
              onChange={({ target }) => setDraft(target.value)}
            />
          )}
        </Field>
        <div className={description ? 'flex gap-2 pb-5' : 'flex gap-2'}>
          <Button type="submit" look="primary" busy={change.pending} disabled={draft === null}>
            Set
          </Button>
          <Button disabled={!set} busy={change.pending} onClick={() => change.send(null)}>
            Clear
          </Button>
        </div>
      </form>
    </li>
  );
}

// A plugin's variables: those that are no secret are seen and changed, secrets are written only.

import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client.ts';
import { keyOf, queries, useApi } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { tell, tellProblem } from '../ui/toast.tsx';
import type { Variable } from './shapes.ts';

export function Variables({ name }: { readonly name: string }) {
  const variables = useApi(api.plugins.variables.list, { params: { name } });
  return (
    <Loaded from={variables}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon={KeyRound} title="It has no variables.">
            A plugin names its variables in chartwire.json; what differs from place to place, and what is secret, is set
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
  const [busy, setBusy] = useState(false);
  const params = { name: plugin, key };
  const change = async (done: string, send: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    try {
      await send();
      await queries.invalidateQueries({ queryKey: keyOf(api.plugins.variables.list, { params: { name: plugin } }) });
      setDraft(null);
      tell(`${key} ${done}`);
    } catch (error) {
      tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (draft !== null) void change('is set', () => api.plugins.variables.set({ params, body: { value: draft } }));
  };
  return (
    <li>
      <form onSubmit={save} className="flex max-w-3xl flex-wrap items-end gap-2 px-5 py-3">
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
              placeholder={sensitive && set ? 'It is not shown; type another to replace it' : ''}
              value={draft ?? value ?? ''}
              onChange={({ target }) => setDraft(target.value)}
            />
          )}
        </Field>
        <div className={description ? 'flex gap-2 pb-5' : 'flex gap-2'}>
          <Button type="submit" look="primary" busy={busy} disabled={busy || draft === null}>
            Set
          </Button>
          <Button
            disabled={busy || !set}
            onClick={() => void change('is not set any more', () => api.plugins.variables.delete({ params }))}
          >
            Forget
          </Button>
        </div>
      </form>
    </li>
  );
}

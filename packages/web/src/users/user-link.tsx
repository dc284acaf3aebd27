// A user's link to the identity provider: seen, removed, allowed again.

import { useState } from 'react';
import type { UserShape } from '@chartwire/client/internal/contract/users';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { LinkFacts } from '../sign-in/link-card.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/field.tsx';
import { Failed } from '../ui/states.tsx';
import { tell } from '../ui/toast.tsx';

export function UserLink({
  user,
  linkByAddress,
  onAllow,
  onRemoved,
}: {
  readonly user: UserShape;
  readonly linkByAddress: boolean;
  readonly onAllow: (allowed: boolean) => void;
  readonly onRemoved: () => void;
}) {
  const provider = useApi(api.oidc.methods, {}).data?.oidc;
  const [identity, setIdentity] = useState(user.identity);
  const [sure, setSure] = useState(false);
  const remove = useWrite((server) => server.users.unlink({ params: { id: user.id } }), {
    shown: 'here',
    changes: [api.users.list.path()],
    onDone: () => {
      setIdentity(null);
      onRemoved();
      tell(`${user.name} is no longer linked.`, { about: 'They’re signed out.' });
      setSure(false);
    },
    onRefused: () => setSure(false),
  });
  if (!identity && !provider) return null;
  return (
    <fieldset className="flex flex-col items-start gap-2 rounded-md border border-line p-3">
      <legend className="px-1 font-medium text-ink-2 text-xs">
        {provider ? `Link to ${provider.name}` : 'Link to an identity provider'}
      </legend>
      {identity ? (
        <>
          <LinkFacts identity={identity} />
          <Button look="danger" size="sm" busy={remove.pending} onClick={() => (sure ? remove.send() : setSure(true))}>
            {sure ? 'Remove link and sign them out' : 'Remove the link'}
          </Button>
        </>
      ) : (
        <>
          <p className="text-ink-3 text-sm">Not linked.</p>
          <Checkbox
            label={`Link them when ${provider?.name} confirms that their address is ${user.login}.`}
            checked={linkByAddress}
            onChange={({ target }) => onAllow(target.checked)}
          />
        </>
      )}
      {remove.problem && <Failed problem={remove.problem} />}
    </fieldset>
  );
}

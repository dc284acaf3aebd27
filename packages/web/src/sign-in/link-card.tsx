// One's link to an identity provider: who one is there, and how to remove it.

import { useState } from 'react';
import type { Identity } from '@chartwire/client/internal/contract/identity';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Card, Facts } from '../ui/page.tsx';
import { Day } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';

export function LinkCard({
  identity,
  password,
  onChange,
}: {
  readonly identity: Identity | null;
  /** Whether there is a password to come back with. */
  readonly password: boolean;
  readonly onChange: () => void;
}) {
  const provider = useApi(api.oidc.methods, {}).data?.oidc;
  const [asking, setAsking] = useState(false);
  const name = provider?.name ?? hostOf(identity?.issuer);
  if (!identity && !provider) return null;
  return (
    <Card title={`Sign in with ${name}`}>
      <div className="flex flex-col items-start gap-3 p-3">
        {identity ? (
          <>
            <LinkFacts identity={identity} />
            {password ? (
              <Button look="danger" onClick={() => setAsking(true)}>
                Remove the link
              </Button>
            ) : (
              <p className="text-ink-3 text-sm">
                To remove the link you need a password. Ask an administrator for a link to choose one.
              </p>
            )}
          </>
        ) : (
          <p className="text-sm">
            Not linked. It’s linked when you sign in with {name} using an address that is your login. After a link is
            removed, an administrator must allow a new one.
          </p>
        )}
      </div>
      {asking && <UnlinkDialog name={name} onUnlinked={onChange} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function UnlinkDialog({
  name,
  onUnlinked,
  onClose,
}: {
  /** Of the provider. */
  readonly name: string;
  readonly onUnlinked: () => void;
  readonly onClose: () => void;
}) {
  const unlink = useWrite((server) => server.session.unlink(), {
    shown: 'here',
    onDone: () => {
      tell(`${name} is no longer linked.`, { about: 'You’re signed out everywhere else.' });
      onUnlinked();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove the link to ${name}?`}
      problem={unlink.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" busy={unlink.pending} onClick={() => unlink.send()}>
            Remove the link
          </Button>
        </>
      }
    >
      <p className="text-sm">
        You sign in with your password from now on, and you’re signed out everywhere but here. Only an administrator can
        allow a new link.
      </p>
    </Dialog>
  );
}

/** Whom the provider knows. */
export function LinkFacts({ identity }: { readonly identity: Identity }) {
  const { issuer, subject, address, linkedAt } = identity;
  return (
    <Facts
      facts={[
        ['Address', address],
        [
          'Known there as',
          <span key="subject" className="break-all font-mono text-xs">
            {subject}
          </span>,
        ],
        ['Provider', hostOf(issuer)],
        ['Linked', linkedAt && <Day key="linked" date={linkedAt} />],
      ]}
    />
  );
}

function hostOf(issuer = ''): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}

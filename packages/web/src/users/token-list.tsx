// The programs that may come in, by their tokens: what each may do, and when it was here last.

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { Token } from '@chartwire/client/internal/contract/tokens';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { More } from '../ui/more.tsx';
import { Facts } from '../ui/page.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Ago, Day } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';

type TokenView = Static<typeof Token>;

const COLUMNS: readonly Column<TokenView>[] = [
  { key: 'name', label: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
  {
    key: 'scopes',
    label: 'Scopes',
    cell: ({ scopes, patient }) => (
      <span className="text-ink-2">
        {scopes.join(', ')}
        {patient && <span className="text-ink-3"> (one patient only)</span>}
      </span>
    ),
  },
  { key: 'state', label: 'State', width: '9rem', cell: (token) => <State token={token} /> },
  {
    key: 'used',
    label: 'Last used',
    width: '10rem',
    cell: ({ lastUsedAt }) => (lastUsedAt ? <Ago time={lastUsedAt} /> : <span className="text-ink-3">never</span>),
  },
];

export function TokenList() {
  const tokens = usePages(api.tokens.list, { query: { limit: 200 } });
  const [open, setOpen] = useState<TokenView | null>(null);
  return (
    <Loaded from={tokens}>
      {(items) => (
        <>
          {items.length === 0 ? (
            <Empty icon={KeyRound} title="No tokens yet.">
              A token lets a program use the FHIR API and /api, with only the scopes you give it.
            </Empty>
          ) : (
            <Table label="Programs" columns={COLUMNS} rows={items} keyOf={({ id }) => id} onOpen={setOpen} />
          )}
          <More of={tokens} label="More programs" />
          {open && <TokenDialog token={open} onClose={() => setOpen(null)} />}
        </>
      )}
    </Loaded>
  );
}

function TokenDialog({ token, onClose }: { readonly token: TokenView; readonly onClose: () => void }) {
  const { id, name, scopes, patient, createdAt, expiresAt, revokedAt } = token;
  const revoke = useWrite((server) => server.tokens.revoke({ params: { id } }), {
    shown: 'here',
    changes: [api.tokens.list.path()],
    onDone: () => tell(`${name} no longer has access.`),
    onHere: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={name}
      problem={revoke.problem}
      footer={
        revokedAt === null && (
          <Button look="danger" busy={revoke.pending} onClick={() => revoke.send()}>
            Revoke token
          </Button>
        )
      }
    >
      <Facts
        facts={[
          ['Scopes', scopes.join(', ')],
          ['Patient', patient],
          ['Created', <Day key="made" date={createdAt} />],
          ['Until', expiresAt && <Day key="until" date={expiresAt} />],
          ['Revoked', revokedAt && <Day key="revoked" date={revokedAt} />],
        ]}
      />
    </Dialog>
  );
}

function State({ token: { revokedAt, expiresAt } }: { readonly token: TokenView }) {
  if (revokedAt) return <Badge>revoked</Badge>;
  if (expiresAt && Date.parse(expiresAt) < Date.now()) return <Badge tone="warn">expired</Badge>;
  return <Badge tone="ok">valid</Badge>;
}

// Everybody who may sign in, in the order in which they came.

import { UserRound } from 'lucide-react';
import { useState } from 'react';
import type { UserShape } from '@chartwire/client/internal/contract/users';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Ago } from '../ui/time.tsx';
import { UserDialog } from './user-dialog.tsx';

export function UserList() {
  const { user: self } = useSession();
  const users = usePages(api.users.list, { query: { limit: 200 } });
  const [open, setOpen] = useState<UserShape | null>(null);
  const columns: readonly Column<UserShape>[] = [
    {
      key: 'name',
      label: 'Name',
      cell: ({ id, name, login }) => (
        <span className="flex items-center gap-2.5">
          <Avatar name={name} />
          <span className="min-w-0">
            <span className="block font-medium">
              {name}
              {id === self.id && <span className="font-normal text-ink-3"> (you)</span>}
            </span>
            <span className="block text-ink-3 text-xs">{login}</span>
          </span>
        </span>
      ),
    },
    {
      key: 'roles',
      label: 'Roles',
      cell: ({ roles }) => (
        <span className="flex flex-wrap gap-1">
          {roles.map((role) => (
            <Badge key={role} tone={role === 'admin' ? 'accent' : 'neutral'}>
              {role}
            </Badge>
          ))}
        </span>
      ),
    },
    { key: 'state', label: 'State', width: '12rem', cell: (user) => <State user={user} /> },
    {
      key: 'seen',
      label: 'Last signed in',
      width: '11rem',
      cell: ({ lastSignInAt }) =>
        lastSignInAt ? <Ago time={lastSignInAt} /> : <span className="text-ink-3">never</span>,
    },
  ];
  return (
    <Loaded from={users}>
      {(items) => (
        <>
          {items.length === 0 ? (
            <Empty icon={UserRound} title="No users yet.">
              Invite a user: you get a link for them, with which they choose a password.
            </Empty>
          ) : (
            <Table label="People" columns={columns} rows={items} keyOf={({ id }) => id} onOpen={setOpen} />
          )}
          <More of={users} label="More people" />
          {open && <UserDialog user={open} onClose={() => setOpen(null)} />}
        </>
      )}
    </Loaded>
  );
}

/** Slowed down: after too many failures, browsers that they haven't used before have to wait. */
function State({ user: { active, hasPassword, identity, lockedUntil } }: { readonly user: UserShape }) {
  if (!active) return <Badge>disabled</Badge>;
  if (lockedUntil && Date.parse(lockedUntil) > Date.now()) return <Badge tone="warn">locked for now</Badge>;
  if (!hasPassword && !identity) return <Badge tone="info">invited</Badge>;
  return (
    <span className="flex flex-wrap gap-1">
      <Badge tone="ok">active</Badge>
      {identity && <Badge>linked</Badge>}
    </span>
  );
}

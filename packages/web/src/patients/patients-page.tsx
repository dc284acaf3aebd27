// All patients: found as one types by name, birth date, number or phone; without a word those seen last.

import { Search, UserRoundPlus } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { prefetchChart } from '../chart/prefetch.ts';
import { ageText } from '../fhir/words.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Day } from '../ui/time.tsx';
import { type FoundPatient, numberOf } from './found-patient.ts';

const MOST = 50;

const COLUMNS: readonly Column<FoundPatient>[] = [
  {
    key: 'name',
    label: 'Name',
    cell: ({ name, active, deceased }) => (
      <span className="flex min-w-0 items-center gap-2.5">
        <Avatar name={name ?? '?'} size="sm" />
        <span className="min-w-0 break-words font-medium">{name ?? 'No name'}</span>
        {deceased && <Badge>deceased</Badge>}
        {!active && <Badge tone="warn">not in use</Badge>}
      </span>
    ),
  },
  { key: 'born', label: 'Born', width: '8rem', cell: ({ birthDate }) => <Day date={birthDate} /> },
  {
    key: 'age',
    label: 'Age, sex',
    width: '8rem',
    cell: ({ birthDate, sex, deceased }) => [!deceased && ageText(birthDate), sex].filter(Boolean).join(', '),
  },
  {
    key: 'number',
    label: 'Number',
    width: '9rem',
    cell: ({ identifiers }) => <span className="block max-w-36 truncate tabular">{numberOf(identifiers)}</span>,
  },
  { key: 'phone', label: 'Phone', width: '10rem', cell: ({ phone }) => <span className="tabular">{phone}</span> },
];

export default function PatientsPage() {
  const { may } = useSession();
  const [, go] = useLocation();
  const [query, setQuery] = useState('');
  const words = useDeferredValue(query.trim());
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const found = useApi(
    api.patients.find,
    { query: { query: words, limit: MOST } },
    { keep: true, hears: { types: ['Patient'] } },
  );
  const items = found.data?.items ?? [];
  const open = ({ id }: FoundPatient): void => {
    prefetchChart(id);
    go(`/patients/${id}`);
  };
  const mayRegister = may('Patient', 'c');
  useShortcut({ keys: '/', label: 'Find a patient', group: 'Patients' }, () => input.current?.select());
  useShortcut({ keys: 'n', label: 'Register a patient', group: 'Patients' }, () => go('/patients/new'), mayRegister);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('tbody tr')?.focus();
    // What is shown is the answer to what is typed, or else Enter would open somebody else.
    else if (event.key === 'Enter' && items[0] && words === query.trim() && !found.isPlaceholderData) open(items[0]);
    else return;
    event.preventDefault();
  };
  return (
    <Page
      title="Patients"
      about={words === '' ? 'last seen or changed' : undefined}
      actions={
        mayRegister && (
          <Button look="primary" icon={UserRoundPlus} onClick={() => go('/patients/new')}>
            Register
          </Button>
        )
      }
      toolbar={
        <div className="relative w-full max-w-2xl">
          <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-ink-3" />
          <TextInput
            ref={input}
            type="search"
            aria-label="Find a patient"
            placeholder="Name, birth date, number or phone"
            autoFocus
            value={query}
            onChange={({ target }) => setQuery(target.value)}
            onKeyDown={onKeyDown}
            className="pl-8"
          />
          {found.isFetching && query !== '' && (
            <span className="absolute top-2.5 right-8 text-ink-3">
              <Spinner />
            </span>
          )}
        </div>
      }
    >
      <div ref={list} className="bg-surface">
        <Loaded from={found} skeleton={<Skeleton lines={8} />}>
          {({ items }) =>
            items.length === 0 ? (
              <Nobody query={words} mayRegister={mayRegister} />
            ) : (
              <>
                <Table label="Patients" columns={COLUMNS} rows={items} keyOf={({ id }) => id} onOpen={open} />
                {items.length >= MOST && (
                  <p className="px-5 py-2 text-ink-3 text-sm">
                    {words === ''
                      ? `The last ${MOST} are shown. Type a name, a birth date, a number or a phone to find others.`
                      : `The first ${MOST} are shown. Type more to narrow the list.`}
                  </p>
                )}
              </>
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

function Nobody({ query, mayRegister }: { readonly query: string; readonly mayRegister: boolean }) {
  const register = mayRegister && (
    <Link href="/patients/new" className="font-medium text-accent-text underline">
      Register a patient
    </Link>
  );
  if (query === '')
    return (
      <Empty icon={UserRoundPlus} title="There are no patients yet." action={register}>
        Those you register or import are listed here, the last seen first.
      </Empty>
    );
  return (
    <Empty icon={Search} title={`No patients found for “${query}”.`} action={register}>
      Part of a name will do, also misspelt; or a birth date as 3/4/1962, a number, a phone.
    </Empty>
  );
}

// The directory: whom the practice works with, by kind. Orders, referrals and tasks offer those that are here.

import { BookUser, Plus } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useSearchParams } from 'wouter';
import { type PartyFacts, partyFacts } from '@chartwire/sdk/internal/records/party-facts';
import { PARTY_KINDS, type Party, type PartyKey } from '@chartwire/sdk/internal/records/parties';
import { useRecords } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { fitsWords } from '../ui/fits.ts';
import { Page } from '../ui/page.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { addLabel, isActive, kindIn, PartyDialog } from './party-dialog.tsx';

const KINDS = Object.keys(PARTY_KINDS) as PartyKey[];
/** Of more, some letters of a name find the others. */
const MOST = 200;

export default function DirectoryPage() {
  const { may } = useSession();
  const [params, setParams] = useSearchParams();
  const [query, setQuery] = useState('');
  const [adding, setAdding] = useState(false);
  const kind = KINDS.find((key) => key === params.get('kind')) ?? 'pharmacy';
  return (
    <Page
      title="Directory"
      about="People and organizations you order from, refer to, assign to and bill"
      actions={
        may(PARTY_KINDS[kind].type, 'c') && (
          <Button look="primary" icon={Plus} onClick={() => setAdding(true)}>
            {addLabel(kind)}
          </Button>
        )
      }
      toolbar={
        <div className="w-full max-w-md">
          <TextInput
            type="search"
            aria-label="Search the directory"
            placeholder={`Search ${PARTY_KINDS[kind].plural.toLowerCase()}`}
            value={query}
            onChange={({ target }) => setQuery(target.value)}
          />
        </div>
      }
    >
      <div className="flex h-full flex-col bg-surface">
        <Tabs
          label="Kinds"
          value={kind}
          onChange={(next) => setParams({ kind: next }, { replace: true })}
          tabs={KINDS.map((key) => ({
            key,
            label: PARTY_KINDS[key].plural,
            content: <PartyList kind={key} query={query} onAdd={() => setAdding(true)} />,
          }))}
        />
      </div>
      {adding && <PartyDialog kind={kind} name={query.trim()} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function PartyList({
  kind,
  query,
  onAdd,
}: {
  readonly kind: PartyKey;
  readonly query: string;
  readonly onAdd: () => void;
}) {
  const { may } = useSession();
  const [open, setOpen] = useState<Party | null>(null);
  const { type, plural, filter } = PARTY_KINDS[kind];
  const words = useDeferredValue(query.trim());
  const named = words !== '' && (type === 'Organization' || type === 'HealthcareService');
  const found = useRecords(
    type,
    { ...Object.fromEntries(new URLSearchParams(filter)), ...(named && { 'name:contains': words }), _count: MOST },
    { keep: true },
  );
  const change = may(type, 'u');
  return (
    <Loaded from={found}>
      {(all) => {
        const rows = all
          .map((party) => ({ party, facts: partyFacts(party) }))
          .filter(({ facts }) => words === '' || fitsWords(Object.values(facts).join(' '), words))
          .sort((a, b) => a.facts.name.localeCompare(b.facts.name));
        return (
          <>
            {rows.length === 0 ? (
              <Empty icon={BookUser} title={words ? `No matches for “${words}”.` : `No ${plural.toLowerCase()} yet.`}>
                {may(type, 'c') ? (
                  <Button size="sm" icon={Plus} onClick={onAdd}>
                    {addLabel(kind)}
                  </Button>
                ) : (
                  'A clinician can add it.'
                )}
              </Empty>
            ) : (
              <Table
                label={plural}
                columns={columnsOf(kind)}
                rows={rows}
                keyOf={({ party }) => party.id ?? ''}
                {...(change && { onOpen: ({ party }: PartyRow) => setOpen(party) })}
              />
            )}
            {all.length >= MOST && (
              <p className="px-5 py-2 text-ink-3 text-sm">The first {MOST} are shown. Search for the others.</p>
            )}
            {open && <PartyDialog kind={kindIn(kind, open)} party={open} onClose={() => setOpen(null)} />}
          </>
        );
      }}
    </Loaded>
  );
}

interface PartyRow {
  readonly party: Party;
  readonly facts: PartyFacts;
}

const factColumn = (key: keyof PartyFacts, label: string, width?: string): Column<PartyRow> => ({
  key,
  label,
  ...(width && { width }),
  cell: ({ facts }) => <span className="text-ink-2">{facts[key]}</span>,
});

const NAME: Column<PartyRow> = {
  key: 'name',
  label: 'Name',
  cell: ({ party, facts }) => (
    <span className="flex flex-wrap items-baseline gap-2">
      <span className="font-medium">{facts.name || 'No name'}</span>
      {!isActive(party) && <Badge>not offered</Badge>}
    </span>
  ),
};

function columnsOf(kind: PartyKey): readonly Column<PartyRow>[] {
  const contacts = [factColumn('phone', 'Phone', '11rem'), factColumn('fax', 'Fax', '11rem')];
  switch (PARTY_KINDS[kind].type) {
    case 'CareTeam':
      return [NAME];
    case 'Organization':
      return [NAME, factColumn('address', 'Address'), ...contacts];
    default:
      return [NAME, factColumn('specialty', 'Specialty'), factColumn('organization', 'Where'), ...contacts];
  }
}

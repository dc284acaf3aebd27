// Who saw and changed what, by patient, by person and by time; and a file of it to take away.

import type { Patient } from '@medplum/fhirtypes';
import { Download, ScrollText } from 'lucide-react';
import type { Static } from 'typebox';
import { Link, useSearchParams } from 'wouter';
import type { AuditRow } from '#server/api/shapes.ts';
import type { UserShape } from '#server/api/users.ts';
import { type Page as ListPage, useApi, usePages, useRecord } from '../api/queries.ts';
import { nameText } from '../fhir/words.ts';
import { PatientPicker } from '../patients/patient-picker.tsx';
import { Badge } from '../ui/badge.tsx';
import { Select, TextInput } from '../ui/field.tsx';
import { More } from '../ui/more.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { dayText } from '../ui/time.tsx';
import { actionText } from './action-text.ts';
import { queryText } from './query-text.ts';

type Row = Static<typeof AuditRow>;

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'at',
    label: 'When',
    width: '8rem',
    cell: ({ at }) => (
      <time dateTime={at}>
        {dayText(at)}
        <span className="block text-ink-3 text-xs tabular">{CLOCK.format(new Date(at))}</span>
      </time>
    ),
  },
  {
    key: 'who',
    label: 'Who',
    width: '20%',
    cell: ({ actor, address }) => (
      <>
        {actor.display ?? actor.id} {actor.type !== 'user' && <Badge>{actor.type}</Badge>}
        <span className="block text-ink-3 text-xs tabular">{address}</span>
      </>
    ),
  },
  {
    key: 'what',
    label: 'What',
    cell: ({ action, type, record, query }) => (
      <>
        <span className="font-medium">{actionText(action)}</span> {!saysType(action, type) && type}
        {record && <span className="block max-w-52 truncate text-ink-3 text-xs lg:max-w-80">{record}</span>}
        {query && (
          <span className="block max-w-52 truncate text-ink-3 text-xs lg:max-w-80" title={queryText(query)}>
            {queryText(query)}
          </span>
        )}
      </>
    ),
  },
  {
    key: 'patient',
    label: 'Patient',
    width: '20%',
    cell: ({ patient, patientName }) =>
      patient && (
        <Link href={`/patients/${patient}`} className="text-accent-text hover:underline">
          {patientName ?? patient}
        </Link>
      ),
  },
  {
    key: 'outcome',
    label: 'Outcome',
    width: '7rem',
    cell: ({ status }) =>
      status < 400 ? <span className="text-ink-3">done</span> : <Badge tone="warn">refused ({status})</Badge>,
  },
];

/** `Locked a note` needs no `Note` after it; `Read` needs to say what. */
function saysType(action: string, type: string | null): boolean {
  return type !== null && actionText(action).toLowerCase().includes(type.toLowerCase());
}

const FILTERS = ['patient', 'actor', 'from', 'to'] as const;

export default function AuditPage() {
  const [params, setParams] = useSearchParams();
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? '']));
  const query = {
    patient: chosen.patient,
    actor: chosen.actor,
    from: startOf(chosen.from),
    to: startOf(chosen.to, 1),
  };
  const rows = usePages<Row>('/api/audit', { ...query, limit: 100 });
  const users = useApi<ListPage<UserShape>>('/api/users', { limit: 1000 });
  const patient = useRecord<Patient>('Patient', chosen.patient || undefined);
  const choose = (name: (typeof FILTERS)[number], value: string): void =>
    setParams(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const file = (format: 'csv' | 'ndjson'): string =>
    `/api/audit/export?${new URLSearchParams([
      ...Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      ['format', format],
    ])}`;
  return (
    <Page
      title="Audit"
      about="Who saw and changed what"
      actions={
        <>
          <FileLink href={file('csv')}>CSV</FileLink>
          <FileLink href={file('ndjson')}>NDJSON</FileLink>
        </>
      }
      toolbar={
        <>
          <div className="w-72">
            <PatientPicker
              placeholder="Any patient"
              value={chosen.patient ? { value: chosen.patient, text: nameText(patient.data?.name) } : null}
              onChange={(picked) => choose('patient', picked?.value ?? '')}
            />
          </div>
          <div className="w-52">
            <Select aria-label="Who" value={chosen.actor} onChange={({ target }) => choose('actor', target.value)}>
              <option value="">Everybody</option>
              {users.data?.items.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
              <option value="unauthenticated">Who did not sign in</option>
            </Select>
          </div>
          <div className="flex gap-2">
            <DayField label="From" value={chosen.from ?? ''} onChange={(day) => choose('from', day)} />
            <DayField label="To" value={chosen.to ?? ''} onChange={(day) => choose('to', day)} />
          </div>
        </>
      }
    >
      <div className="min-h-full bg-surface">
        <Loaded from={rows}>
          {(items) =>
            items.length === 0 ? (
              <Empty icon={ScrollText} title="Nothing is kept of that.">
                Every access to a chart leaves a row: reading one, searching, changing, also what was refused. Take a
                filter away to see more.
              </Empty>
            ) : (
              <>
                <Table label="Audit trail" columns={COLUMNS} rows={items} keyOf={({ id }) => id} />
                <More of={rows} />
              </>
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

function DayField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside
    <label className="flex items-center gap-1.5 text-ink-3 text-sm">
      {label}
      <span className="w-36">
        <TextInput type="date" value={value} onChange={({ target }) => onChange(target.value)} />
      </span>
    </label>
  );
}

function FileLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <a
      href={href}
      download
      className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium text-sm hover:bg-hover"
    >
      <Download aria-hidden className="size-3.5" />
      {children}
    </a>
  );
}

/** The instant at which a day begins here, or one that many days later. */
function startOf(day: string | undefined, later = 0): string {
  if (!day) return '';
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date + later).toISOString();
}

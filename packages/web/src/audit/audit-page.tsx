// Who saw and changed what, by patient, by person and by time; and a file of it to take away.

import { Download, ScrollText } from 'lucide-react';
import type { Static } from 'typebox';
import { Link, useSearchParams } from 'wouter';
import type { AuditRow } from '@chartwire/client/internal/contract/audit';
import { daysAfter, startOfDay } from '@chartwire/sdk/internal/kit/calendar';
import { api } from '../api/client.ts';
import { useAll, usePages, useRecord } from '../api/queries.ts';
import { PatientPicker, pickedPatient } from '../patients/patient-picker.tsx';
import { tableOf } from '../table-of.ts';
import { Badge } from '../ui/badge.tsx';
import { Select, TextInput } from '../ui/field.tsx';
import { More } from '../ui/more.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { dayText } from '../ui/time.tsx';
import { practiceZone, there } from '../ui/zone.ts';
import { actionText } from './action-text.ts';
import { queryText } from './query-text.ts';
import { recordsText, recordsTitle } from './records-text.ts';

type Row = Static<typeof AuditRow>;

const CLOCK = there({ timeStyle: 'medium' });

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'at',
    label: 'When',
    width: '8rem',
    cell: ({ at }) => (
      <time dateTime={at} className="whitespace-nowrap">
        {dayText(at)}
        <span className="block text-ink-3 text-xs tabular">{CLOCK.format(new Date(at))}</span>
      </time>
    ),
  },
  {
    key: 'who',
    label: 'Who',
    width: '18%',
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
    cell: ({ action, type, record, version, records, query }) => (
      <>
        <span className="font-medium">{actionText(action)}</span> {!saysType(action, type) && type}
        {version !== null && <span className="text-ink-3">, version {version}</span>}
        {record && <span className="block max-w-52 truncate text-ink-3 text-xs lg:max-w-96">{record}</span>}
        {records && (
          <span className="block max-w-52 truncate text-ink-2 text-xs lg:max-w-96" title={recordsTitle(records)}>
            {recordsText(records)}
          </span>
        )}
        {query && (
          <span className="block max-w-52 truncate text-ink-3 text-xs lg:max-w-96" title={queryText(query)}>
            {queryText(query)}
          </span>
        )}
      </>
    ),
  },
  {
    key: 'why',
    label: 'Why',
    width: '14%',
    cell: ({ why }) => why && <Reason why={why} />,
  },
  {
    key: 'patient',
    label: 'Patient',
    width: '17%',
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

/** The purpose that was named; or the event that a plugin answered, which leads to its story. */
function Reason({ why }: { readonly why: NonNullable<Row['why']> }) {
  const { purpose, event, handler, rule } = why;
  if (typeof event === 'string') {
    return (
      <>
        {typeof handler === 'string' && <span className="block truncate">{handler}</span>}
        <Link href={`/events/${event}`} className="text-accent-text text-xs hover:underline">
          because of an event
        </Link>
      </>
    );
  }
  if (typeof rule === 'string') return <span className="text-ink-3">{rule}</span>;
  if (typeof purpose !== 'string') return null;
  return (
    <>
      {PURPOSES[purpose] ?? purpose}
      {PURPOSES[purpose] && <span className="block text-ink-3 text-xs">{purpose}</span>}
    </>
  );
}

/** Of https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html, those that a practice meets. */
const PURPOSES = tableOf<string>({
  TREAT: 'Treatment',
  ETREAT: 'Emergency treatment',
  BTG: 'Break-the-glass',
  HPAYMT: 'Payment',
  HOPERAT: 'Operations',
  HRESCH: 'Research',
  PATRQT: 'Patient request',
  PUBHLTH: 'Public health',
});

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
  const rows = usePages(api.audit.list, { query: { ...query, limit: 100 } });
  const users = useAll(api.users.list, { query: { limit: 1000 } });
  const patient = useRecord('Patient', chosen.patient || undefined);
  const choose = (name: (typeof FILTERS)[number], value: string): void =>
    setParams(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const file = (format: 'csv' | 'ndjson'): string => api.audit.export.path({ query: { ...query, format } });
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
              value={chosen.patient ? pickedPatient(chosen.patient, patient.data) : null}
              onChange={(picked) => choose('patient', picked?.value ?? '')}
            />
          </div>
          <div className="w-52">
            <Select aria-label="Who" value={chosen.actor} onChange={({ target }) => choose('actor', target.value)}>
              <option value="">Everyone</option>
              {users.data?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
              <option value="unauthenticated">Not signed in</option>
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
              <Empty icon={ScrollText} title="No entries found.">
                Every access to a chart adds an entry: reads, searches, changes, what plugins received, and what was
                refused. Remove a filter to see more.
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

/** The instant at which a day begins at the practice, or one that many days later. */
function startOf(day: string | undefined, later = 0): string {
  return day ? startOfDay(daysAfter(day, later), practiceZone()).toISOString() : '';
}

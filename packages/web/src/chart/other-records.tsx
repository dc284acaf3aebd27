// Records of the types that have no section of their own: at the place where a clinician looks for them, else in a section
// that holds them by type.

import type { Resource } from '@medplum/fhirtypes';
import { gistOf } from '@chartwire/sdk/internal/records/gist';
import { othersAt, type OtherType, type Place } from '@chartwire/sdk/internal/records/other-records';
import { typeLabel } from '@chartwire/sdk/internal/records/resource-types';
import { Badge } from '../ui/badge.tsx';
import { Entry } from '../ui/entry.tsx';
import { Day } from '../ui/time.tsx';
import { type Chart, recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';

/** Rows of a type that are shown before it is unfolded. */
const OPEN = 4;

/** Those of the types at a place that are there, each type newest first. */
export function othersIn(
  chart: Chart,
  ...places: readonly Place[]
): readonly (readonly [OtherType, readonly Resource[]])[] {
  return othersAt(...places).flatMap((type) => {
    const records: readonly Resource[] = recordsOf(chart, type);
    return records.length > 0 ? [[type, records] as const] : [];
  });
}

export function countOf(others: ReturnType<typeof othersIn>): number {
  return others.reduce((sum, [, records]) => sum + records.length, 0);
}

/** Below what the section is about: what else the chart has of it, by type. */
export function OthersAt({ place }: { readonly place: Place }) {
  const { chart } = useLooking();
  const cut = othersAt(place).filter((type) => chart.truncated.includes(type));
  return (
    <>
      {othersIn(chart, place).map(([type, records]) => (
        <Group key={type} type={type} records={records} open={OPEN} />
      ))}
      {cut.length > 0 && <More types={cut} />}
    </>
  );
}

function More({ types }: { readonly types: readonly string[] }) {
  return (
    <p className="px-7.5 pb-1 text-ink-3 text-xs">
      The newest 500 of {types.map(typeLabel).join(', ')} are shown. Find older ones through the FHIR API.
    </p>
  );
}

function Group({
  type,
  records,
  open,
}: {
  readonly type: OtherType;
  readonly records: readonly Resource[];
  readonly open: number;
}) {
  const lines = (some: readonly Resource[]) =>
    some.map((record) => (
      <Entry key={record.id} of={record}>
        {() => <Line record={record} />}
      </Entry>
    ));
  const folded = records.length - open;
  return (
    <section aria-label={typeLabel(type)}>
      <h3 className="px-7.5 pt-1.5 font-medium text-ink-3 text-xs">
        {typeLabel(type)} <span className="font-normal tabular">{records.length}</span>
      </h3>
      {open > 0 && <ul>{lines(records.slice(0, open))}</ul>}
      {folded > 0 && (
        <Past label={open > 0 ? `${folded} older` : `${folded} ${folded === 1 ? 'record' : 'records'}`}>
          {() => lines(records.slice(open))}
        </Past>
      )}
    </section>
  );
}

/** What needs no word: it is as such things are. */
const USUAL = ['active', 'final', 'completed', 'current', 'available', 'finished'];
/** Nobody acts on it any more, or it never was. */
const OVER = ['inactive', 'stopped', 'cancelled', 'revoked', 'retired', 'not-done', 'declined', 'superseded'];
const GRAVE = ['severe', 'serious', 'high'];

function Line({ record }: { readonly record: Resource }) {
  const { open } = useLooking();
  const { resourceType: type, id = '' } = record;
  const { title, text, date, status } = gistOf(record);
  const grave = graveWord(record);
  return (
    <Row
      onOpen={() => open({ type, id })}
      main={title ?? typeLabel(type)}
      below={text === grave ? undefined : text}
      faded={OVER.includes(status ?? '')}
      aside={
        <>
          {grave && <Badge tone="danger">{grave}</Badge>}
          {status && !USUAL.includes(status) && (
            <Badge tone={OVER.includes(status) ? 'neutral' : 'warn'}>{status.replaceAll('-', ' ')}</Badge>
          )}
          <Day date={date} />
        </>
      }
    />
  );
}

/** How bad it is, where it says that it is. */
function graveWord(record: Resource): string | undefined {
  if (record.resourceType === 'DetectedIssue') return GRAVE.find((word) => word === record.severity);
  if (record.resourceType !== 'AdverseEvent') return undefined;
  const said = [record.severity, record.seriousness].flatMap(
    (one) => one?.coding?.map(({ code = '' }) => code.toLowerCase()) ?? [],
  );
  return GRAVE.find((word) => said.includes(word));
}

/** What is implanted or worn; the section is there where there is something. */
export function Devices() {
  const { chart } = useLooking();
  const count = countOf(othersIn(chart, 'devices'));
  if (count === 0) return null;
  return (
    <Section name="devices" title="Devices" count={count} types={othersAt('devices')} empty="">
      <OthersAt place="devices" />
    </Section>
  );
}

/** Everything that no other section has. */
export function OtherRecords() {
  const { chart } = useLooking();
  const others = othersIn(chart, 'other');
  const accounts = othersIn(chart, 'accounts');
  const types = othersAt('other', 'accounts');
  const withheld = types.filter((type) => chart.withheld.includes(type));
  const count = countOf([...others, ...accounts]);
  if (count === 0 && withheld.length === 0) return null;
  return (
    <Section name="others" title="Other records" count={count} types={types} empty="None.">
      {others.map(([type, records]) => (
        <Group key={type} type={type} records={records} open={OPEN} />
      ))}
      {accounts.map(([type, records]) => (
        <Group key={type} type={type} records={records} open={0} />
      ))}
    </Section>
  );
}

// A record of the chart, open at the side: what it says, why it is here, and how it became so.

import type { DiagnosticReport, Observation, Resource } from '@medplum/fhirtypes';
import { CircleHelp, FileJson } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import { EXTENSION } from '#kit/systems.ts';
import { useRecord } from '../api/queries.ts';
import { conceptText } from '../fhir/words.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/page.tsx';
import { Loaded } from '../ui/states.tsx';
import { recordIn } from './chart-data.ts';
import { Attachment } from './attachment.tsx';
import { Value } from './labs.tsx';
import { type Opened, useLooking } from './opened.tsx';
import { factsOf, recordTitle } from './record-facts.tsx';
import { rangeOf } from './results.ts';
import { Versions } from './versions.tsx';
import { Entry } from '../ui/entry.tsx';

export function RecordPanel({
  record: { type, id },
  onClose,
}: {
  readonly record: Opened;
  readonly onClose: () => void;
}) {
  const { chart } = useLooking();
  const held = recordIn(chart, type, id);
  const read = useRecord<Resource>(type as Resource['resourceType'], held ? undefined : id);
  const record = held ?? read.data;
  return (
    <Dialog open onClose={onClose} place="side" title={record ? titleOf(record) : type} about={wordFor(type)}>
      {record ? (
        <Shown record={record} type={type} id={id} />
      ) : (
        <Loaded from={read}>{(found) => <Shown record={found} type={type} id={id} />}</Loaded>
      )}
    </Dialog>
  );
}

/** A record whose title can't be said is still one. */
function titleOf(record: Resource): string {
  try {
    return recordTitle(record) || record.resourceType;
  } catch {
    return record.resourceType;
  }
}

interface Told {
  readonly record: Resource;
  readonly type: string;
  readonly id: string;
}

function Shown(told: Told) {
  return (
    <Entry of={told.record} as="div">
      {() => <Content {...told} />}
    </Entry>
  );
}

function Content({ record, type, id }: Told) {
  return (
    <div className="flex flex-col gap-5">
      <Facts facts={factsOf(record)} />
      {record.resourceType === 'DiagnosticReport' && <Results report={record} />}
      {record.resourceType === 'GuidanceResponse' && (
        <p className="whitespace-pre-line text-sm">
          {record.extension?.find(({ url }) => url === EXTENSION.cardTitle)?.valueString}
        </p>
      )}
      {record.resourceType === 'DocumentReference' &&
        record.content.map(({ attachment }, index) => (
          <File key={attachment.url ?? index} attachment={attachment} of={`${type}/${id}`} index={index} />
        ))}
      {record.resourceType === 'DiagnosticReport' &&
        record.presentedForm?.map((attachment, index) => (
          <File key={attachment.url ?? index} attachment={attachment} of={`${type}/${id}`} index={index} />
        ))}
      <div className="flex flex-wrap gap-2">
        <Leads href={`/events?target=${type}/${id}`} icon={<CircleHelp aria-hidden className="size-3.5" />}>
          Why is this here?
        </Leads>
        <a
          href={`/fhir/R4/${type}/${id}`}
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-7 items-center gap-1 rounded-md border border-line-strong px-2 font-medium text-xs hover:bg-hover"
        >
          <FileJson aria-hidden className="size-3.5" />
          As FHIR
        </a>
      </div>
      <section>
        <h3 className="mb-1.5 font-semibold text-ink-3 text-xs">Versions</h3>
        <Versions type={type} id={id} />
      </section>
    </div>
  );
}

/** One that can't be shown takes no other with it. */
function File(file: ComponentProps<typeof Attachment>) {
  return (
    <Entry of={file.attachment} type={`${file.of}, file ${file.index + 1}`} as="div">
      {() => <Attachment {...file} />}
    </Entry>
  );
}

function Leads({
  href,
  icon,
  children,
}: {
  readonly href: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Link
      href={href}
      className="inline-flex h-7 items-center gap-1 rounded-md border border-line-strong px-2 font-medium text-xs hover:bg-hover"
    >
      {icon}
      {children}
    </Link>
  );
}

/** The values of a report, in its order. */
function Results({ report }: { readonly report: DiagnosticReport }) {
  const { chart, openTrend } = useLooking();
  const values = (report.result ?? []).flatMap(({ reference = '' }) => {
    const found = recordIn(chart, 'Observation', reference.replace('Observation/', ''));
    return found ? [found as Observation] : [];
  });
  if (values.length === 0) return null;
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-line border-b text-left text-ink-3 text-xs">
          <th className="py-1 font-medium">Result</th>
          <th className="py-1 text-right font-medium">Value</th>
          <th className="py-1 pl-3 font-medium">Normal</th>
        </tr>
      </thead>
      <tbody>
        {values.map((value) => (
          <tr key={value.id} className="border-line border-b last:border-0">
            <th scope="row" className="text-left font-normal">
              <button
                type="button"
                onClick={() => openTrend(value.code.coding?.[0]?.code ?? conceptText(value.code))}
                className="min-h-7 text-left hover:underline"
              >
                {conceptText(value.code)}
              </button>
            </th>
            <td className="text-right tabular">
              <Value observation={value} latest />{' '}
              <span className="text-ink-3 text-xs">{value.valueQuantity?.unit}</span>
            </td>
            <td className="pl-3 text-ink-3 tabular">{rangeOf(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `MedicationRequest` to `Medication request`. */
function wordFor(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

// A record of the chart, open at the side: what it says, why it is here, and how it became so.

import type { DiagnosticReport, Observation, Resource } from '@medplum/fhirtypes';
import { CheckCheck, CircleHelp, FileJson } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import { EXTENSION } from '@chartwire/sdk/internal/kit/systems';
import { findingsIn, findingsOf } from '@chartwire/sdk/internal/records/findings';
import { flagOf } from '@chartwire/sdk/internal/records/interpretation';
import { typeLabel } from '@chartwire/sdk/internal/records/resource-types';
import { isReviewed, type Report, waitsForReview } from '@chartwire/sdk/internal/records/review';
import { normalText, resultName, resultUnit } from '@chartwire/sdk/internal/records/result-text';
import { api } from '../api/client.ts';
import { useRecord } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/page.tsx';
import { Loaded } from '../ui/states.tsx';
import { type Chart, recordIn, recordsOf } from './chart-data.ts';
import { Attachment } from './attachment.tsx';
import { Value } from './labs.tsx';
import { type Opened, useLooking } from './opened.tsx';
import { factsOf, hasFields, recordTitle } from './record-facts.tsx';
import { codeOf, hasCategory } from './readings.ts';
import { narrativeText } from './record-fields.ts';
import { lookupIn } from './results.ts';
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
  const read = useRecord(type as Resource['resourceType'], held ? undefined : id);
  const record = held ?? read.data;
  return (
    <Dialog
      open
      onClose={onClose}
      place="side"
      title={record ? titleOf(record, chart.questionnaires) : type}
      about={typeLabel(type)}
    >
      {record ? (
        <Shown record={record} type={type} id={id} />
      ) : (
        <Loaded from={read}>{(found) => <Shown record={found} type={type} id={id} />}</Loaded>
      )}
    </Dialog>
  );
}

/** A record whose title can't be said is still one. */
function titleOf(record: Resource, questionnaires: Chart['questionnaires']): string {
  try {
    return recordTitle(record, questionnaires) || record.resourceType;
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
      {(record.resourceType === 'DiagnosticReport' || isGroup(record)) && <Results of={record} />}
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
      {record.resourceType === 'Media' && <File attachment={record.content} of={`${type}/${id}`} index={0} />}
      {hasFields(record) && <Narrative of={record} />}
      <div className="flex flex-wrap gap-2">
        {isReport(record) && waitsForReview(record) && (
          <Leads
            href={`/inbox?tab=results&state=unreviewed&report=${type}/${id}`}
            icon={<CheckCheck aria-hidden className="size-3.5" />}
          >
            Review it
          </Leads>
        )}
        {record.resourceType === 'Observation' && <MarkReviewed observation={record} />}
        <Leads href={`/events?target=${type}/${id}`} icon={<CircleHelp aria-hidden className="size-3.5" />}>
          Why is this here?
        </Leads>
        <a
          href={api.fhir.path(type as Resource['resourceType'], id)}
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-7 items-center gap-1 rounded-md border border-line-strong px-2 font-medium text-xs hover:bg-hover"
        >
          <FileJson aria-hidden className="size-3.5" />
          View FHIR
        </a>
      </div>
      <section>
        <h3 className="mb-1.5 font-semibold text-ink-3 text-xs">Versions</h3>
        <Versions type={type} id={id} />
      </section>
    </div>
  );
}

/** What its author wrote for people, without markup: nothing in it is loaded or runs. */
function Narrative({ of }: { readonly of: Resource }) {
  const text = 'text' in of ? narrativeText(of.text?.div) : '';
  if (text === '') return null;
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-ink-3 text-xs">Summary</h3>
      <p className="whitespace-pre-line break-words rounded-md bg-sunken p-3 text-sm">{text}</p>
    </section>
  );
}

/** What the inbox has to be reviewed. */
function isReport(record: Resource): record is Report {
  return ['DiagnosticReport', 'DocumentReference', 'Observation'].includes(record.resourceType);
}

/** For a critical value in no report that is too old for the inbox: the top of the chart shows it until somebody reviewed it. */
function MarkReviewed({ observation }: { readonly observation: Observation }) {
  const { chart } = useLooking();
  const { may } = useSession();
  const { id = '', meta } = observation;
  const mark = useWrite((server) =>
    server.reports.reviewObservation({ params: { id }, body: { version: Number(meta?.versionId) } }),
  );
  if (isReviewed(observation) || waitsForReview(observation) || !may('Observation', 'u')) return null;
  if (!isCriticalByItself(chart, observation)) return null;
  return (
    <Button size="sm" icon={CheckCheck} busy={mark.pending} onClick={() => mark.send()}>
      Mark as reviewed
    </Button>
  );
}

function isCriticalByItself(chart: Chart, observation: Observation): boolean {
  if (!hasCategory(observation.category, 'laboratory')) return false;
  const lookup = lookupIn(chart);
  const record = `Observation/${observation.id}`;
  const reports = recordsOf(chart, 'DiagnosticReport');
  if (reports.some((report) => findingsOf(report, lookup).records.includes(record))) return false;
  return findingsIn(observation, lookup).found.some((one) => flagOf(one.observation)?.critical);
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

/** An Observation whose values are those of its members or components. */
function isGroup(record: Resource): record is Observation {
  return record.resourceType === 'Observation' && Boolean(record.hasMember?.length || record.component?.length);
}

/** The values of a report or a panel, in its order. */
function Results({ of }: { readonly of: DiagnosticReport | Observation }) {
  const { chart, openTrend } = useLooking();
  const lookup = lookupIn(chart);
  const { found: values } = of.resourceType === 'DiagnosticReport' ? findingsOf(of, lookup) : findingsIn(of, lookup);
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
        {values.map(({ key, observation: value }) => (
          <tr key={key} className="border-line border-b last:border-0">
            <th scope="row" className="text-left font-normal">
              <button
                type="button"
                onClick={() => openTrend(codeOf(value))}
                className="min-h-7 text-left hover:underline"
              >
                {resultName(value) || 'Unnamed result'}
              </button>
            </th>
            <td className="text-right tabular">
              <Value observation={value} latest /> <span className="text-ink-3 text-xs">{resultUnit(value)}</span>
            </td>
            <td className="pl-3 text-ink-3 tabular">{normalText(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

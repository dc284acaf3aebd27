// One report to be looked at: what it says, and what is done about it.

import type { DiagnosticReport, DocumentReference, Observation } from '@medplum/fhirtypes';
import { ArrowLeft, CheckCheck, FolderOpen, ListPlus, MessageSquare } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ReportShape } from '@chartwire/client/internal/contract/reports';
import { useRecord } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Attachment } from '../chart/attachment.tsx';
import { useShortcut } from '../shell/shortcuts.tsx';
import { NewTask } from '../tasks/new-task.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Field, TextInput } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Failed, Loaded } from '../ui/states.tsx';
import { Ago, Day } from '../ui/time.tsx';
import { MessageDialog } from './message-dialog.tsx';
import { Abnormal, referenceOf } from './report-list.tsx';
import { ResultTable } from './result-table.tsx';
import { useReview } from './use-review.ts';

type Record = DiagnosticReport | DocumentReference | Observation;
type Asking = 'message' | 'task' | null;

export function ReportPane({
  report,
  onBack,
  onReviewed,
}: {
  readonly report: ReportShape;
  readonly onBack: () => void;
  readonly onReviewed: () => void;
}) {
  const { may } = useSession();
  const [asking, setAsking] = useState<Asking>(null);
  const [comment, setComment] = useState('');
  const review = useReview(report, onReviewed);
  const record = useRecord(report.type, report.id);
  const mayReview = may(report.type, 'u') && !report.review;
  const mayWrite = mayReview && may('Communication', 'c');
  const mayTask = may('Task', 'c');
  // What is below a dialog hears no keys.
  const idle = asking === null;
  const said = comment.trim();
  const done = (): void => review.send({ ...(said && { comment: said }) });
  useShortcut({ keys: 'r', label: 'Mark as reviewed', group: 'Results' }, done, mayReview && !review.pending && idle);
  useShortcut(
    { keys: 'm', label: 'Review and message the patient', group: 'Results' },
    () => setAsking('message'),
    mayWrite && idle,
  );
  useShortcut(
    { keys: 'c', label: 'Create a task from it', group: 'Results' },
    () => setAsking('task'),
    mayTask && idle,
  );
  return (
    <article aria-label={report.title} className="flex h-full min-h-0 flex-col">
      <Head report={report} onBack={onBack} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section tabIndex={0} aria-label="What it says" className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        <Earlier reviews={report.earlier} now={report.review === null} />
        <Loaded from={record}>{(data) => <Said record={data} patient={report.patient.id} />}</Loaded>
      </section>
      {review.problem && (
        <div className="border-line border-t bg-surface px-5 py-3">
          <Failed problem={review.problem} />
        </div>
      )}
      <footer className="flex flex-wrap items-end gap-2 border-line border-t bg-surface px-5 py-3">
        {mayReview && (
          <Field label="Comment, for the record" className="min-w-48 flex-1">
            {(tied) => (
              <TextInput
                {...tied}
                maxLength={4_000}
                value={comment}
                onChange={({ target }) => setComment(target.value)}
                onKeyDown={({ key }) => key === 'Enter' && done()}
              />
            )}
          </Field>
        )}
        {report.review && <Reviewed review={report.review} />}
        {mayTask && (
          <Button look="ghost" icon={ListPlus} onClick={() => setAsking('task')}>
            Task <Hint keys="c" />
          </Button>
        )}
        {mayWrite && (
          <Button icon={MessageSquare} onClick={() => setAsking('message')}>
            Review and message <Hint keys="m" />
          </Button>
        )}
        {mayReview && (
          <Button look="primary" icon={CheckCheck} busy={review.pending} onClick={done}>
            Reviewed <Hint keys="r" />
          </Button>
        )}
      </footer>
      {asking === 'message' && (
        <MessageDialog report={report} comment={said} onReviewed={onReviewed} onClose={() => setAsking(null)} />
      )}
      {asking === 'task' && (
        <NewTask
          about={{
            patient: { value: report.patient.id, text: report.patient.name ?? 'No name' },
            focus: referenceOf(report),
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </article>
  );
}

/** A status that needs no word. */
const USUAL = ['final', 'current'];

function Head({
  report: { title, status, patient, at, author, abnormal, critical },
  onBack,
}: {
  readonly report: ReportShape;
  readonly onBack: () => void;
}) {
  return (
    <header className="flex items-center gap-3 border-line border-b px-5 py-2">
      <span className="lg:hidden">
        <IconButton icon={ArrowLeft} label="Back to the list" onClick={onBack} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="flex items-center gap-2 font-semibold text-base">
          <span className="truncate" title={title}>
            {title}
          </span>
          <Abnormal abnormal={abnormal} critical={critical} />
          {!USUAL.includes(status) && <Badge tone="warn">{status}</Badge>}
        </h2>
        <p className="flex flex-wrap gap-x-2 text-ink-3 text-sm">
          <span className="font-medium text-ink-2">{patient.name ?? 'No name'}</span>
          {at && <Day date={at} />}
          {author && <span>by {author}</span>}
        </p>
      </div>
      <Link
        href={`/patients/${patient.id}`}
        className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded-md px-2 font-medium text-accent-text text-sm hover:bg-hover"
      >
        <FolderOpen aria-hidden className="size-4" />
        Chart
      </Link>
    </header>
  );
}

function Said({ record, patient }: { readonly record: Record; readonly patient: string }) {
  if (record.resourceType === 'Observation') {
    return (
      <div className="flex max-w-4xl flex-col gap-4">
        <ResultTable of={record} patient={patient} />
        <p className="text-ink-3 text-sm">This value came without a report.</p>
        {record.note?.map(({ text }) => (
          <p key={text} className="whitespace-pre-wrap text-sm">
            {text}
          </p>
        ))}
      </div>
    );
  }
  const lab = record.resourceType === 'DiagnosticReport';
  const words = lab ? record.conclusion : record.description;
  const files = lab ? (record.presentedForm ?? []) : (record.content ?? []).map(({ attachment }) => attachment);
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      {lab && (record.result?.length ?? 0) > 0 && <ResultTable of={record} patient={patient} />}
      {words && <p className="whitespace-pre-wrap text-sm">{words}</p>}
      {files.map((attachment, index) => (
        <Attachment
          key={attachment.url ?? index}
          attachment={attachment}
          of={`${record.resourceType}/${record.id}`}
          index={index}
          roomy
        />
      ))}
    </div>
  );
}

function Reviewed({ review: { at, by, comment } }: { readonly review: NonNullable<ReportShape['review']> }) {
  return (
    <p className="min-w-0 flex-1 self-center text-ink-3 text-sm">
      Reviewed by {by ?? 'someone'}, <Ago time={at} />
      {comment && <span className="text-ink-2">: {comment}</span>}
    </p>
  );
}

/** Who looked at what it said before. */
function Earlier({ reviews, now }: { readonly reviews: ReportShape['earlier']; readonly now: boolean }) {
  if (reviews.length === 0) return null;
  return (
    <div
      className={classes(
        'mb-4 max-w-4xl rounded-md px-3 py-2 text-sm',
        now ? 'bg-warn-soft text-warn-text' : 'bg-sunken text-ink-2',
      )}
    >
      {now && <p className="font-medium">Changed since it was reviewed: review it again.</p>}
      <ul>
        {reviews.map(({ at, by, comment, version }) => (
          <li key={at}>
            {version === null ? 'An earlier version' : `Version ${version}`} was reviewed by {by ?? 'someone'},{' '}
            <Ago time={at} />
            {comment && `: ${comment}`}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Hint({ keys }: { readonly keys: string }) {
  return (
    <span className="hidden xl:inline">
      <Kbd keys={keys} />
    </span>
  );
}

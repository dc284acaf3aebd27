// A file of a record: text is shown, a picture too, a PDF where there is room; anything else is saved. The server gives PDFs
// and pictures an origin of their own, so that nothing in them reaches the page.

import type { Attachment as R4Attachment } from '@medplum/fhirtypes';
import { Download, ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/client.ts';
import { useRecord } from '../api/queries.ts';
import { Elsewhere } from '../ui/elsewhere.tsx';

const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const LOOK = 'inline-flex min-h-6 items-center gap-1.5 self-start font-medium text-accent-text text-sm hover:underline';

export function Attachment({
  attachment,
  of,
  index,
  roomy,
}: {
  readonly attachment: R4Attachment;
  /** The record it belongs to: `DiagnosticReport/123`. */
  readonly of: string;
  /** Which of its files it is. */
  readonly index: number;
  /** There is room for a PDF. */
  readonly roomy?: boolean;
}) {
  const { contentType = '', url, title = 'the file' } = attachment;
  const type = contentType.trim().toLowerCase();
  const here = attachment.data !== undefined || binaryIn(url) !== undefined;
  const [record, id = ''] = of.split('/');
  const { diagnosticReport, documentReference, media } = api.attachments;
  const row = record === 'DiagnosticReport' ? diagnosticReport : record === 'Media' ? media : documentReference;
  const address = row.path({ params: { id, index } });
  if (!here)
    return url ? (
      <Elsewhere href={url} className={LOOK}>
        <ExternalLink aria-hidden className="size-3.5" />
        Open {title}
      </Elsewhere>
    ) : null;
  if (/^text\/plain(;|$)/.test(type)) return <PlainText attachment={attachment} />;
  if (PICTURES.includes(type)) return <img src={address} alt={attachment.title ?? 'Attached'} className="max-w-full" />;
  if (type !== 'application/pdf')
    return (
      <Opened href={address} saved>
        <Download aria-hidden className="size-3.5" />
        Save {title} {contentType && <Said type={contentType} />}
      </Opened>
    );
  if (roomy)
    return (
      <iframe
        src={`${address}#view=FitH&navpanes=0`}
        title={attachment.title ?? 'Attached'}
        className="h-[70vh] w-full rounded-lg border border-line"
      />
    );
  return (
    <Opened href={address}>
      <ExternalLink aria-hidden className="size-3.5" />
      Open {title} <Said type={contentType} />
    </Opened>
  );
}

function Opened({
  href,
  saved = false,
  children,
}: {
  readonly href: string;
  readonly saved?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <a href={href} {...(saved ? { download: '' } : { target: '_blank' })} rel="noopener noreferrer" className={LOOK}>
      {children}
    </a>
  );
}

function Said({ type }: { readonly type: string }) {
  return <span className="max-w-48 truncate text-ink-3">({type.slice(0, 80)})</span>;
}

/** The FHIR door gives a Binary as a record: its bytes are in it. */
function PlainText({ attachment: { data, url } }: { readonly attachment: R4Attachment }) {
  const kept = useRecord('Binary', data === undefined ? binaryIn(url) : undefined);
  const text = data ?? kept.data?.data;
  if (text === undefined) return null;
  return <p className="whitespace-pre-wrap break-words rounded-md bg-sunken p-3 text-sm">{decoded(text)}</p>;
}

function binaryIn(url: string | undefined): string | undefined {
  return /^Binary\/([A-Za-z0-9\-.]{1,64})(?:\/|$)/.exec(url ?? '')?.[1];
}

function decoded(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}

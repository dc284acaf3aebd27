// A file of a record: text is shown, a picture too, a PDF where there is room; anything else opens in a tab of its own.

import type { Binary, Attachment as R4Attachment } from '@medplum/fhirtypes';
import { ExternalLink } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useRecord } from '../api/queries.ts';

export function Attachment({
  attachment: { contentType = '', url, title, ...attached },
  roomy,
}: {
  readonly attachment: R4Attachment;
  /** There is room for a PDF. */
  readonly roomy?: boolean;
}) {
  // The FHIR door gives a Binary as a record: its bytes are in it.
  const binary = /^Binary\/([^/]+)/.exec(url ?? '')?.[1];
  const kept = useRecord<Binary>('Binary', attached.data === undefined ? binary : undefined);
  const data = attached.data ?? kept.data?.data;
  const address = useAddress(contentType, data, url);
  if (data !== undefined && contentType.startsWith('text/plain'))
    return <p className="whitespace-pre-wrap rounded-md bg-sunken p-3 text-sm">{decoded(data)}</p>;
  if (address === undefined) return null;
  if (contentType.startsWith('image/')) return <img src={address} alt={title ?? 'Attached'} className="max-w-full" />;
  if (roomy && contentType.startsWith('application/pdf'))
    return (
      <iframe
        src={`${address}#view=FitH&navpanes=0`}
        title={title ?? 'Attached'}
        className="h-[70vh] w-full rounded-lg border border-line"
      />
    );
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer"
      className="inline-flex min-h-6 items-center gap-1.5 self-start font-medium text-accent-text text-sm hover:underline"
    >
      <ExternalLink aria-hidden className="size-3.5" />
      Open {title ?? 'the file'} {contentType && <span className="text-ink-3">({contentType.split(';')[0]})</span>}
    </a>
  );
}

/** Where the browser finds it: at an https address, or here, from the bytes in the record. */
function useAddress(contentType: string, data: string | undefined, url: string | undefined): string | undefined {
  const [made, setMade] = useState<string>();
  useEffect(() => {
    if (data === undefined || contentType.startsWith('text/plain')) return;
    // What could run in a page of ours is saved, not shown.
    const type = /^(application\/pdf|image\/(png|jpeg|gif|webp))/.test(contentType)
      ? contentType
      : 'application/octet-stream';
    const address = URL.createObjectURL(new Blob([bytesOf(data)], { type }));
    setMade(address);
    return () => URL.revokeObjectURL(address);
  }, [contentType, data]);
  if (made) return made;
  return url?.startsWith('https://') ? url : undefined;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function decoded(base64: string): string {
  return new TextDecoder().decode(bytesOf(base64));
}

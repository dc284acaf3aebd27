// One document, read beside the form that files it; on a narrow page above it.

import { ArrowLeft, ExternalLink } from 'lucide-react';
import type { InboxItem } from '@chartwire/client/internal/contract/inbox';
import { api } from '../api/client.ts';
import { IconButton } from '../ui/button.tsx';
import { Ago } from '../ui/time.tsx';
import { FilingForm } from './filing-form.tsx';

export function DocumentPane({
  document,
  onBack,
  onFiled,
  onDiscarded,
}: {
  readonly document: InboxItem;
  readonly onBack: () => void;
  readonly onFiled: () => void;
  readonly onDiscarded: () => void;
}) {
  const { id, title, size, receivedAt } = document;
  const address = api.inbox.content.path({ params: { id } });
  return (
    <article aria-label={title} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-11 items-center gap-2 border-line border-b px-4">
        <span className="xl:hidden">
          <IconButton icon={ArrowLeft} label="Back to the list" onClick={onBack} />
        </span>
        <h2 className="min-w-0 truncate font-semibold text-base" title={title}>
          {title}
        </h2>
        <span className="min-w-0 flex-1 truncate text-ink-3 text-sm">
          {sizeText(size)}, came <Ago time={receivedAt} />
        </span>
        <a
          href={address}
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 font-medium text-accent-text text-sm hover:bg-hover"
        >
          <ExternalLink aria-hidden className="size-3.5" />
          Open in a tab
        </a>
      </header>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-visible">
        {/* The form comes first for who goes by keyboard or ear, and stands at the right for who looks. */}
        <div className="order-2 border-line bg-surface lg:w-[31rem] lg:shrink-0 lg:overflow-y-auto lg:border-l">
          <FilingForm document={document} onFiled={onFiled} onDiscarded={onDiscarded} />
        </div>
        <div className="order-1 h-[46vh] shrink-0 overflow-auto bg-sunken lg:h-auto lg:min-w-0 lg:flex-1 lg:shrink">
          <Content document={document} address={address} />
        </div>
      </div>
    </article>
  );
}

function Content({
  document: { contentType, title },
  address,
}: {
  readonly document: InboxItem;
  readonly address: string;
}) {
  if (contentType === 'application/pdf')
    return <iframe src={`${address}#view=FitH&navpanes=0`} title={title} className="block size-full border-0" />;
  return <img src={address} alt={title} className="mx-auto block max-w-full p-3" />;
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

// Putting files into the inbox: by a button, or by dropping them anywhere on the page.

import { Upload } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { InboxItem } from '@chartwire/client/internal/contract/inbox';
import { api } from '../api/client.ts';
import { problemOf } from '../api/problem-of.ts';
import { useWrite } from '../api/write.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { tell, tellProblem } from '../ui/toast.tsx';

const TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;

export interface Uploading {
  readonly busy: boolean;
  readonly take: (files: readonly File[]) => void;
}

/** Sends files one after the other, and shows the last that came in. */
export function useUpload(): Uploading {
  const [, go] = useLocation();
  const upload = useWrite(
    async (server, files: readonly File[]) => {
      const received: InboxItem[] = [];
      for (const file of files) {
        // What it is, the server sees by its first bytes; of a type that it does not take, it says so.
        // What the browser takes it for; the server refuses what it does not take.
        const type = (file.type || 'application/pdf') as (typeof TYPES)[number];
        const title = file.name.replace(/\.[^.]+$/, '').slice(0, 255);
        // One that is refused holds up no other.
        await server.inbox
          .receive({ upload: { bytes: file, type }, query: { title } })
          .then((item) => received.push(item))
          .catch((error: unknown) => tellProblem(problemOf(error)));
      }
      return received;
    },
    {
      changes: [api.inbox.list.path()],
      onDone: (received) => {
        // One is seen by being shown.
        if (received.length > 1) tell(`${received.length} documents are in the inbox.`);
      },
      onHere: (received) => {
        const last = received.at(-1);
        if (last) go(`/inbox/${last.id}`);
      },
    },
  );
  const take = (files: readonly File[]): void => {
    if (files.length > 0) upload.send(files);
  };
  return { busy: upload.pending, take };
}

export function UploadButton({ upload: { busy, take } }: { readonly upload: Uploading }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = (): void => input.current?.click();
  useShortcut({ keys: 'u', label: 'Upload documents', group: 'Inbox' }, choose);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={TYPES.join(',')}
        aria-label="Documents to upload"
        onChange={({ target }) => {
          take([...(target.files ?? [])]);
          // The same file may be chosen again.
          target.value = '';
        }}
      />
      <Button look="primary" icon={Upload} busy={busy} onClick={choose}>
        Upload
      </Button>
    </>
  );
}

/** What is dropped here is uploaded; while it is held above, the page says so. */
export function Dropped({
  upload,
  enabled,
  children,
}: {
  readonly upload: Uploading;
  readonly enabled: boolean;
  readonly children: ReactNode;
}) {
  const [above, setAbove] = useState(false);
  const holdsFiles = (event: DragEvent): boolean => enabled && event.dataTransfer.types.includes('Files');
  return (
    <section
      aria-label="Inbox"
      className="relative flex h-full flex-col bg-surface"
      onDragEnter={(event) => holdsFiles(event) && setAbove(true)}
      onDragOver={(event) => holdsFiles(event) && event.preventDefault()}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) setAbove(false);
      }}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setAbove(false);
        upload.take([...event.dataTransfer.files]);
      }}
    >
      {children}
      {above && (
        <div className="pointer-events-none absolute inset-2 z-20 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-accent-soft/90 font-medium text-accent-text text-base">
          Drop to add it to the inbox: PDF, PNG or JPEG
        </div>
      )}
    </section>
  );
}

// Whether what is typed has come to the server: said quietly, and loudly only where something must be done.

import { Check, CloudOff, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Spinner } from '../ui/spinner.tsx';
import type { Standing } from './saving.ts';

export function SavedWord({ standing }: { readonly standing: Standing }) {
  switch (standing) {
    case 'saved':
      return (
        <Word>
          <Check aria-hidden className="size-3.5 text-ok-text" />
          Saved
        </Word>
      );
    case 'unsaved':
    case 'saving':
      return (
        <Word>
          <Spinner className="size-3" />
          Saving
        </Word>
      );
    case 'away':
      return (
        <Word loud>
          <CloudOff aria-hidden className="size-3.5" />
          Saved in this browser, not sent yet
        </Word>
      );
    case 'stuck':
      return (
        <Word loud>
          <TriangleAlert aria-hidden className="size-3.5" />
          Not saved. See below.
        </Word>
      );
  }
}

function Word({ loud, children }: { readonly loud?: boolean; readonly children: ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-1 text-xs ${loud ? 'font-medium text-warn-text' : 'text-ink-3'}`}>
      {children}
    </span>
  );
}

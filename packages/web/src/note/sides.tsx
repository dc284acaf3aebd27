// Two people wrote in the same place: what the other wrote, and the choice. One's own stays in the field until then.

import { Users } from 'lucide-react';
import type { FieldKind } from '@chartwire/sdk/internal/commands/control';
import { fieldText } from '@chartwire/sdk/internal/commands/words';
import { Button } from '../ui/button.tsx';
import { Exact } from './exact.ts';

export function Sides({
  field,
  theirs,
  onChoose,
}: {
  readonly field: Pick<FieldKind, 'schema' | 'search' | 'label'> | null;
  readonly theirs: unknown;
  readonly onChoose: (side: 'mine' | 'theirs') => void;
}) {
  const written = theirs instanceof Exact ? theirs.literal : undefined;
  const text = field ? fieldText({ ...field, needed: false }, theirs, written) : String(theirs ?? '');
  return (
    <div role="alert" className="mt-1.5 rounded-md border border-warn/60 bg-warn-soft px-2.5 py-2 text-sm">
      <p className="flex items-center gap-1.5 font-medium text-warn-text">
        <Users aria-hidden className="size-3.5" />
        Someone else changed this while you were writing. Their version:
      </p>
      <p className="my-1 max-h-32 overflow-y-auto whitespace-pre-wrap break-words">
        {text || <span className="text-ink-3">empty</span>}
      </p>
      <div className="flex gap-2">
        <Button size="sm" onClick={() => onChoose('mine')}>
          Keep mine
        </Button>
        <Button size="sm" onClick={() => onChoose('theirs')}>
          Use theirs
        </Button>
      </div>
    </div>
  );
}

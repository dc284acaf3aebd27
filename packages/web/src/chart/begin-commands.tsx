// A button of the chart that enters commands into the open note, or into a new one, which is opened then.

import { useId } from 'react';
import { useSession } from '../api/session.tsx';
import { Button } from '../ui/button.tsx';
import type { Recommended } from './new-note.ts';
import { useLooking } from './opened.tsx';

export function BeginCommands({
  commands,
  label,
}: {
  readonly commands: readonly Recommended[];
  readonly label: string;
}) {
  const { beginning, beginCommands } = useLooking();
  const button = useId();
  const { may } = useSession();
  if (!may('Command', 'c') || !may('Note', 'u')) return null;
  return (
    <Button size="sm" busy={beginning?.button === button} onClick={() => beginCommands({ button, commands })}>
      {label}
    </Button>
  );
}

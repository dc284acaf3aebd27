// A button of the chart that enters commands into the open note, or into a new one, which is opened then.

import { useState } from 'react';
import { useSession } from '../api/session.tsx';
import { Button } from '../ui/button.tsx';
import { tellProblem } from '../ui/toast.tsx';
import { beginRecommended, type Recommended } from './new-note.ts';
import { useLooking } from './opened.tsx';

export function BeginCommands({
  commands,
  button,
}: {
  readonly commands: readonly Recommended[];
  readonly button: string;
}) {
  const { chart, note, openNote } = useLooking();
  const { may } = useSession();
  const [busy, setBusy] = useState(false);
  const begin = async (): Promise<void> => {
    setBusy(true);
    try {
      openNote(await beginRecommended(chart.patient.id, note, commands));
    } catch (error) {
      tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  if (!may('Command', 'c') || !may('Note', 'u')) return null;
  return (
    <Button size="sm" busy={busy} onClick={() => void begin()}>
      {button}
    </Button>
  );
}

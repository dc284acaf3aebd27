// A button of the chart that enters commands into the open note, or into a new one, which is opened then.

import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
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
  const begin = useWrite((server) => beginRecommended(server, chart.patient.id, note, commands), { onHere: openNote });
  if (!may('Command', 'c') || !may('Note', 'u')) return null;
  return (
    <Button size="sm" busy={begin.pending} onClick={() => begin.send()}>
      {button}
    </Button>
  );
}

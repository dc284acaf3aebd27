// Who stands for the note, as a list: each signature with what was signed, each unlock with its reason, and co-signatures
// that are asked for.

import { Hourglass, Lock, LockOpen, type LucideIcon, RotateCcw, Signature, Trash2, Undo2 } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { useSession } from '../api/session.tsx';
import { tableOf } from '../table-of.ts';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { clockText, dayText, exactText } from '../ui/time.tsx';
import { type Moment, nameOf, storyOf } from './story.ts';

const STEPS: Readonly<Record<string, { readonly word: string; readonly icon: LucideIcon }>> = tableOf({
  locked: { word: 'Locked', icon: Lock },
  unlocked: { word: 'Unlocked', icon: LockOpen },
  deleted: { word: 'Deleted', icon: Trash2 },
  restored: { word: 'Restored', icon: RotateCcw },
});

/** So many are shown; the ones before are a click away. */
const SHOWN = 4;

export function NoteStory({
  note,
  mayWrite,
  onCompare,
  onWithdraw,
}: {
  readonly note: NoteShape;
  readonly mayWrite: boolean;
  /** Shows what was signed at a version beside what the note says now. */
  readonly onCompare: (version: number) => void;
  readonly onWithdraw: (request: string) => void;
}) {
  const [all, setAll] = useState(false);
  const story = storyOf(note);
  if (story.length === 0) return null;
  const shown = all ? story : story.slice(-SHOWN);
  return (
    <div className="mt-1.5 rounded-md border border-line bg-canvas">
      {shown.length < story.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="flex min-h-7 w-full items-center border-line border-b px-3 text-left text-accent-text text-xs hover:bg-hover"
        >
          Show {story.length - shown.length} earlier
        </button>
      )}
      <ol aria-label="Signatures and unlocks" className="max-h-56 divide-y divide-line overflow-y-auto">
        {shown.map((moment) => (
          <Row
            key={`${moment.of} ${moment.at} ${moment.of === 'request' ? moment.request.id : ''}`}
            moment={moment}
            note={note}
            mayWrite={mayWrite}
            onCompare={onCompare}
            onWithdraw={onWithdraw}
          />
        ))}
      </ol>
    </div>
  );
}

function Row({
  moment,
  note,
  mayWrite,
  onCompare,
  onWithdraw,
}: { readonly moment: Moment } & Parameters<typeof NoteStory>[0]) {
  const { user, unlock } = useSession();
  switch (moment.of) {
    case 'signature': {
      const { by, role, version } = moment.signature;
      const words = moment.stands ? 'What was signed' : 'Compare with now';
      return (
        <Line icon={Signature} at={moment.at} tone={moment.stands ? 'ok' : 'past'}>
          Signed by <Name>{nameOf(by)}</Name>
          <Badge tone={moment.stands ? 'ok' : 'neutral'}>{role}</Badge>
          {!moment.stands && <span className="text-ink-3">before the note was unlocked</span>}
          <Link aria-label={`${words}: ${nameOf(by)}, ${dayText(moment.at)}`} onClick={() => onCompare(version)}>
            {words}
          </Link>
        </Line>
      );
    }
    case 'step': {
      const { what, by, reason } = moment.step;
      const { word, icon } = STEPS[what] ?? { word: what, icon: Lock };
      return (
        <Line icon={icon} at={moment.at} tone={what === 'unlocked' ? 'warn' : 'plain'} words={reason}>
          {word} by <Name>{nameOf(by)}</Name>
          {what === 'unlocked' && reason === null && <span className="text-ink-3">without a reason</span>}
        </Line>
      );
    }
    case 'request': {
      const { id, of, by, state, message, ended } = moment.request;
      const supervisor = of.display ?? of.practitioner;
      if (state === 'returned')
        return (
          <Line icon={Undo2} at={moment.at} tone="warn" words={ended?.reason}>
            Returned to <Name>{nameOf(by)}</Name> by <Name>{ended ? nameOf(ended.by) : supervisor}</Name>, not co-signed
          </Line>
        );
      if (state === 'withdrawn')
        return (
          <Line icon={Hourglass} at={moment.at} tone="past">
            <Name>{nameOf(by)}</Name> withdrew the request for <Name>{supervisor}</Name> to co-sign
          </Line>
        );
      const mine = by.type === 'user' && by.id === user.id;
      return (
        <Line icon={Hourglass} at={moment.at} tone="info" words={message}>
          <Name>{nameOf(by)}</Name> asked <Name>{supervisor}</Name> to co-sign
          <Badge tone="info">waiting</Badge>
          {mayWrite && (mine || unlock) && note.state !== 'deleted' && (
            <Link onClick={() => onWithdraw(id)}>Withdraw</Link>
          )}
        </Line>
      );
    }
  }
}

function Link(button: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...button}
      className="inline-flex min-h-6 items-center rounded-sm px-1 font-medium text-accent-text hover:underline"
    />
  );
}

const TONES = {
  ok: 'text-ok-text',
  warn: 'text-warn-text',
  info: 'text-info-text',
  plain: 'text-ink-3',
  past: 'text-ink-3',
} as const;

function Line({
  icon: Icon,
  at,
  tone,
  words,
  children,
}: {
  readonly icon: LucideIcon;
  readonly at: string;
  readonly tone: keyof typeof TONES;
  /** What somebody wrote about it. */
  readonly words?: string | null | undefined;
  readonly children: ReactNode;
}) {
  return (
    <li className="flex items-start gap-2.5 px-3 py-1 text-xs">
      <Icon aria-hidden className={classes('mt-1.5 size-3.5 shrink-0', TONES[tone])} strokeWidth={2} />
      <div className="min-w-0 flex-1">
        <p className="flex min-h-6 flex-wrap items-center gap-x-1.5 leading-5">{children}</p>
        {words && <p className="whitespace-pre-wrap break-words text-ink-2">“{words}”</p>}
      </div>
      <time dateTime={at} title={exactText(at)} className="shrink-0 text-ink-3 leading-6 tabular">
        {dayText(at)}, {clockText(at)}
      </time>
    </li>
  );
}

function Name({ children }: { readonly children: ReactNode }) {
  return <span className="font-medium text-ink">{children}</span>;
}

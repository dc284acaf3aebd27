// One command in the note: staged, it is a form; committed, a line. Its keys while the cursor is on the whole of it are
// those of the note.

import {
  Check,
  Copy,
  Ellipsis,
  Eye,
  FileX2,
  type LucideIcon,
  PenLine,
  Printer,
  Send,
  Trash2,
  Undo2,
} from 'lucide-react';
import { memo, useState } from 'react';
import { choiceText } from '@chartwire/sdk/internal/commands/words';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Kbd } from '../ui/kbd.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { Tip } from '../ui/tip.tsx';
import { Checks } from './checks.tsx';
import type { CommandDoc, CommandView } from './command-doc.ts';
import { CommandForm } from './command-form.tsx';
import { CommandLine } from './command-line.tsx';
import { EnterInError } from './enter-in-error.tsx';
import { openPrintout } from './printing.ts';
import { Remarks } from './remarks.tsx';
import { SavedWord } from './saved-word.tsx';
import { CarryForward } from './carry-forward.tsx';
import { useCommand } from './use-command.ts';
import { tableOf } from '../table-of.ts';

const STATE: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = tableOf({
  staged: { label: 'Staged', tone: 'info' },
  'in-review': { label: 'In review', tone: 'warn' },
  'entered-in-error': { label: 'Entered in error', tone: 'danger' },
});

export const CommandCard = memo(function CommandCard({
  doc,
  locked,
  mayWrite,
  open,
  goHere,
  onArrive,
  onLeave,
  onOpen,
}: {
  readonly doc: CommandDoc;
  readonly locked: boolean;
  readonly mayWrite: boolean;
  /** A committed one tells everything. */
  readonly open: boolean;
  readonly goHere: boolean;
  readonly onArrive: () => void;
  /** Escape in a field: the cursor goes to the whole of it. */
  readonly onLeave: (id: string) => void;
  readonly onOpen: (id: string) => void;
}) {
  const view = useCommand(doc);
  const [erring, setErring] = useState(false);
  const [carrying, setCarrying] = useState(false);
  const { state } = view.saving.stored;
  const writing = state === 'staged' && !locked && mayWrite;
  const badge = STATE[state];
  return (
    <div
      className={classes(
        'rounded-md border px-3 py-2',
        writing ? 'border-line-strong bg-surface shadow-card' : 'border-transparent',
      )}
    >
      <div className="flex min-h-7 items-center gap-2">
        <h3 className={classes('font-semibold text-sm', !writing && 'text-ink-2')}>{view.kind.label}</h3>
        {badge && <Badge tone={badge.tone}>{badge.label}</Badge>}
        <span className="flex-1" />
        {writing && view.saving.standing !== 'saved' && <SavedWord standing={view.saving.standing} />}
        {writing && (
          <Tip text="Commit" hint={<Kbd keys="mod+enter" />}>
            <Button size="sm" icon={Check} busy={view.doing === 'commit'} onClick={() => void doc.commit()}>
              Commit
            </Button>
          </Tip>
        )}
        <Menu
          items={itemsOf(doc, view, {
            locked,
            mayWrite,
            onErr: () => setErring(true),
            onOpen: () => onOpen(view.id),
            onCarry: () => setCarrying(true),
          })}
        >
          <IconButton icon={Ellipsis} size="sm" label={`More for ${view.kind.label}`} />
        </Menu>
      </div>
      <div className="mt-0.5 flex flex-col gap-2">
        <Checks view={view} onReasons={(reasons) => doc.answer(reasons)} onRetry={doc.again} onDismiss={doc.dismiss} />
        {writing ? (
          <div>
            <CommandForm doc={doc} view={view} goHere={goHere} onArrive={onArrive} onLeave={() => onLeave(view.id)} />
            <Remarks command={view.saving.stored} />
          </div>
        ) : (
          <CommandLine view={view} open={open} />
        )}
      </div>
      {!writing && view.saving.standing !== 'saved' && <Unsaved doc={doc} />}
      <EnterInError
        open={erring}
        label={view.kind.label}
        onClose={() => setErring(false)}
        onDo={(reason) => void doc.enterInError(reason)}
      />
      {carrying && (
        <CarryForward
          command={view.id}
          label={view.kind.label}
          patient={view.saving.stored.patient}
          onClose={() => setCarrying(false)}
        />
      )}
    </div>
  );
});

/** It was committed or locked by another before what was typed here was saved. */
function Unsaved({ doc }: { readonly doc: CommandDoc }) {
  return (
    <p
      role="alert"
      className="mt-2 flex flex-wrap items-center gap-2 rounded-md bg-warn-soft px-3 py-1.5 text-sm text-warn-text"
    >
      What you typed wasn’t saved, because this command can no longer be changed. It’s kept in this browser.
      <Button size="sm" onClick={() => doc.saving.discard()}>
        Discard my text
      </Button>
    </p>
  );
}

const ACTIONS: Readonly<Record<string, { readonly label: string; readonly icon: LucideIcon }>> = tableOf({
  print: { label: 'Print', icon: Printer },
  'carry-forward': { label: 'Carry forward', icon: Copy },
  review: { label: 'Send to review', icon: Eye },
  'make-changes': { label: 'Make changes', icon: PenLine },
  sign: { label: 'Sign', icon: PenLine },
  send: { label: 'Send', icon: Send },
});

/** In which states an action has its place. */
const WHEN: Readonly<Record<string, readonly string[]>> = tableOf({
  review: ['staged'],
  'make-changes': ['in-review'],
  sign: ['staged', 'in-review'],
  send: ['staged', 'in-review'],
  delegate: ['staged', 'in-review'],
});

interface Room {
  readonly locked: boolean;
  readonly mayWrite: boolean;
  readonly onErr: () => void;
  readonly onOpen: () => void;
  /** Out of a note that takes nothing in: into another one. */
  readonly onCarry: () => void;
}

function itemsOf(
  doc: CommandDoc,
  view: CommandView,
  { locked, mayWrite, onErr, onOpen, onCarry }: Room,
): (MenuItem | false)[] {
  const { state, actions } = view.saving.stored;
  const sent = actions.some(({ action }) => action === 'send');
  const own = view.kind.actions.filter((action) => {
    if (action === 'print' || action === 'carry-forward') return true;
    // What is committed may still be sent, once, from a locked note too.
    if (action === 'send' && state === 'committed') return !sent;
    return !locked && (WHEN[action]?.includes(state) ?? true);
  });
  return [
    state !== 'staged' && { label: 'Show all fields', icon: Eye, keys: 'enter', onSelect: onOpen },
    ...(mayWrite
      ? own.map((action) => ({
          label: ACTIONS[action]?.label ?? choiceText(action),
          icon: ACTIONS[action]?.icon ?? Undo2,
          onSelect: () => {
            if (action === 'carry-forward' && locked) onCarry();
            else
              void doc.execute(
                action,
                action === 'print' ? () => openPrintout('commands', view.saving.stored.id) : undefined,
              );
          },
        }))
      : []),
    mayWrite &&
      !locked &&
      state === 'staged' && {
        label: 'Delete',
        icon: Trash2,
        keys: 'delete',
        danger: true,
        apart: true,
        onSelect: () => void doc.remove(),
      },
    mayWrite &&
      !locked &&
      state === 'committed' && {
        label: 'Enter in error …',
        icon: FileX2,
        danger: true,
        apart: true,
        onSelect: onErr,
      },
  ];
}

// The lines of a note and the keys that go through them: j and k from line to line, Enter into one, Alt with arrows moves
// it, `/` puts a command below it, Escape comes back to the whole line.

import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useWrite } from '../api/write.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { classes } from '../ui/classes.ts';
import { isText } from './body.ts';
import { CommandCard } from './command-card.tsx';
import { CommandPalette } from './command-palette.tsx';
import type { Kinds } from './kinds.ts';
import type { NoteDoc } from './note-doc.ts';
import type { NoteView } from './note-view.ts';
import type { Preset } from './presets.ts';
import { TextLine, type TextLineTo } from './text-line.tsx';
import { typeAhead } from './type-ahead.ts';

/** Where a command that is asked for will stand, and between which texts. */
interface Asking {
  readonly key: string;
  readonly at: HTMLElement;
  readonly before?: string;
  readonly after?: string;
}

/** A command that is entered: see `NoteDoc.originate`. */
interface Originating {
  readonly kind: string;
  readonly key: string;
  readonly after: string | undefined;
  readonly fields: Preset['fields'] | undefined;
}

export function NoteBody({
  doc,
  view,
  kinds,
  mayWrite,
}: {
  readonly doc: NoteDoc;
  readonly view: NoteView;
  readonly kinds: Kinds;
  readonly mayWrite: boolean;
}) {
  const rows = useRef(new Map<string, HTMLElement>());
  const [asking, setAsking] = useState<Asking | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const { lines, commands, goTo } = view;
  const locked = view.note.state !== 'open' || !mayWrite;

  // Between the choice of a command and its form.
  const ahead = useRef<ReturnType<typeof typeAhead>>(undefined);
  const stopAhead = useCallback((field: Element | null) => {
    ahead.current?.(field);
    ahead.current = undefined;
  }, []);
  useEffect(() => () => stopAhead(null), [stopAhead]);
  const arrived = useCallback(() => {
    stopAhead(document.activeElement);
    doc.arrived();
  }, [doc, stopAhead]);
  const toRow = useCallback((key: string) => rows.current.get(key)?.focus(), []);
  const toggle = useCallback(
    (id: string) =>
      setOpened((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id])),
    [],
  );
  const beside = useCallback(
    (key: string, step: 1 | -1) => {
      const at = doc.view.lines.findIndex((line) => line.key === key) + step;
      const line = doc.view.lines[at];
      if (!line) return;
      if (isText(line) && doc.view.note.state === 'open') doc.goTo(line.key, 'line');
      else toRow(line.key);
    },
    [doc, toRow],
  );
  const to = useMemo<TextLineTo>(
    () => ({
      edit: doc.setText,
      blur: () => doc.blur('body'),
      command: (key, at, before, after) => setAsking({ key, at, before, after }),
      beyond: beside,
      leave: toRow,
      drop: (key) => doc.dropLine(key),
    }),
    [doc, beside, toRow],
  );
  useEffect(() => {
    if (goTo?.into !== 'line') return;
    // The answer that one goes on after may come when one has gone on by oneself.
    if (goTo.from !== undefined) {
      if (isAt(goTo.from)) doc.goTo(goTo.key, 'line');
      else doc.arrived();
    } else if (commands.has(goTo.key)) {
      toRow(goTo.key);
      doc.arrived();
    }
  }, [goTo, commands, doc, toRow]);

  const ask = (key: string): void => {
    const at = rows.current.get(key);
    if (at && !locked) setAsking({ key, at });
  };
  const group = 'Note';
  const end = lines.at(-1)?.key ?? '';
  useShortcut({ keys: '/', label: 'A command below', group }, () => ask(end), !locked);
  useShortcut({ keys: 'j', label: 'Next line', group }, () => lines[0] && toRow(lines[0].key));
  useShortcut({ keys: 'k', label: 'Line before', group }, () => toRow(end));
  useShortcut({ keys: 'mod+enter', label: 'Commit the command', group, whileTyping: true }, () => {
    const line = document.activeElement?.closest<HTMLElement>('[data-line]')?.dataset.line;
    if (line) void commands.get(line)?.commit();
  });

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, key: string): void => {
    const { altKey, ctrlKey, metaKey, target, currentTarget } = event;
    const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : -1;
    const arrow = event.key === 'ArrowDown' || event.key === 'ArrowUp';
    if (altKey && arrow && !locked) doc.move(key, step);
    else if (target !== currentTarget || altKey) return;
    else if (event.key === 'Enter' && (ctrlKey || metaKey)) void commands.get(key)?.commit();
    // With Ctrl a letter is somebody else's: Ctrl-K finds a patient, also from here.
    else if ((ctrlKey || metaKey) && !arrow) return;
    else if (arrow || event.key === 'j' || event.key === 'k') walk(key, step);
    else if (event.key === 'Enter') enter(key);
    else if (event.key === '/' && !locked) ask(key);
    else if (event.key === 't' && !locked) doc.insertText(key);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && !locked && isStaged(key))
      void commands.get(key)?.remove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isStaged = (key: string): boolean => commands.get(key)?.view.saving.stored.state === 'staged';
  const walk = (key: string, step: 1 | -1): void => {
    const next = lines[lines.findIndex((line) => line.key === key) + step];
    if (next) toRow(next.key);
  };
  const enter = (key: string): void => {
    if (commands.has(key) && (locked || !isStaged(key))) toggle(key);
    else doc.goTo(key, commands.has(key) ? 'fields' : 'line');
  };
  const originate = useWrite(
    (_server, { kind, key, after, fields }: Originating) => doc.originate(kind, key, after, fields),
    { about: 'each', onRefused: () => stopAhead(null) },
  );
  const pick = (kind: string, fields?: Preset['fields']): void => {
    if (!asking) return;
    const { key, before, after } = asking;
    setAsking(null);
    // What stood after the cursor goes below the command.
    if (before !== undefined) doc.setText(key, before);
    stopAhead(null);
    ahead.current = typeAhead();
    originate.send({ kind, key, after, fields });
  };

  return (
    <div className="flex flex-col gap-1">
      {lines.map((line, index) => {
        const command = 'command' in line ? commands.get(line.command) : undefined;
        const shown = command || isText(line);
        const goHere = goTo?.key === line.key && goTo.from === undefined;
        return (
          shown && (
            // biome-ignore lint/a11y/noStaticElementInteractions: the line holds the keys of the note
            <div
              key={line.key}
              ref={(element) => {
                if (element) rows.current.set(line.key, element);
                else rows.current.delete(line.key);
              }}
              tabIndex={-1}
              data-line={line.key}
              onKeyDown={(event) => onKeyDown(event, line.key)}
              className={classes(
                'rounded-md outline-none focus:ring-2 focus:ring-focus',
                command && '[contain-intrinsic-size:auto_9rem] [content-visibility:auto]',
              )}
            >
              {command ? (
                <CommandCard
                  doc={command}
                  locked={locked}
                  mayWrite={mayWrite}
                  open={opened.has(line.key)}
                  goHere={goHere && goTo?.into === 'fields'}
                  onArrive={arrived}
                  onLeave={toRow}
                  onOpen={toggle}
                />
              ) : (
                isText(line) && (
                  <TextLine
                    lineKey={line.key}
                    text={line.text}
                    locked={locked}
                    last={index === lines.length - 1}
                    only={lines.length === 1}
                    goHere={goHere}
                    to={to}
                    onArrive={doc.arrived}
                  />
                )
              )}
            </div>
          )
        );
      })}
      {asking && (
        <CommandPalette
          kinds={kinds}
          at={asking.at}
          onPick={pick}
          onClose={() => {
            setAsking(null);
            const line = lines.find(({ key }) => key === asking.key);
            if (isText(line)) doc.goTo(line.key, 'line');
            else toRow(asking.key);
          }}
        />
      )}
    </div>
  );
}

/** Whether the cursor is in a line, or nowhere: what had it is gone. */
function isAt(key: string): boolean {
  const { activeElement: at, body } = document;
  return at === null || at === body || at.closest<HTMLElement>('[data-line]')?.dataset.line === key;
}

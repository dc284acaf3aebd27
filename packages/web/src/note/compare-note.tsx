// What somebody signed, beside what the note says now: line by line, with what differs marked.

import type { Static } from 'typebox';
import type { NoteAtVersion } from '@chartwire/client/internal/contract/note';
import { api } from '../api/client.ts';
import { useApi, useRecords } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { clockText, dayText } from '../ui/time.tsx';
import { compare, type Pair, questionnaireOf, type Reading, sideOf, type Word, wordsOf } from './compare.ts';
import { type Kinds, useKindMap } from './kinds.ts';
import type { NoteDoc } from './note-doc.ts';
import type { NoteWithCommands } from './note-view.ts';
import { nameOf } from './story.ts';

type Past = Static<typeof NoteAtVersion>;

const ERRONEOUS = 'entered in error';

export function CompareNote({
  doc,
  version,
  onClose,
}: {
  readonly doc: NoteDoc;
  readonly version: number;
  readonly onClose: () => void;
}) {
  const kinds = useKindMap();
  // What was is never changed.
  const params = { id: doc.view.note.id, version };
  const past = useApi(api.notes.version, { params }, { staleTime: Number.POSITIVE_INFINITY });
  const signature = doc.view.note.signatures.find((one) => one.version === version);
  const title = signature ? `What ${nameOf(signature.by)} signed` : 'As it was';
  return (
    <Dialog
      open
      onClose={onClose}
      place="wide"
      title={title}
      about={signature && `As ${signature.role}, ${dayText(signature.at)}, ${clockText(signature.at)}`}
    >
      <Loaded from={kinds} skeleton={<Skeleton lines={6} />}>
        {(all) => (
          <Loaded from={past} skeleton={<Skeleton lines={6} />}>
            {(was) => <Both was={was} is={doc.saved} kinds={all} />}
          </Loaded>
        )}
      </Loaded>
    </Dialog>
  );
}

function Both({ was, is, kinds }: { readonly was: Past; readonly is: NoteWithCommands; readonly kinds: Kinds }) {
  const ids = new Set([...was.commands, ...is.commands].flatMap((command) => questionnaireOf(command) ?? []));
  const asked = useRecords('Questionnaire', { _id: [...ids].join(',') }, { enabled: ids.size > 0 });
  const questionnaires = new Map(asked.data?.map((one) => [one.id ?? '', one]));
  const pairs = compare(was, is, { kinds, questionnaires });
  const changes = pairs.filter(({ changed }) => changed).length + (was.title === is.title ? 0 : 1);
  return (
    <div>
      <p className="mb-3 text-sm">
        {changes === 0 ? (
          <Badge tone="ok">No changes since then</Badge>
        ) : (
          <Badge tone="warn">{changes === 1 ? 'One line differs' : `${changes} lines differ`}</Badge>
        )}
      </p>
      <table className="w-full table-fixed border-separate border-spacing-0 text-sm">
        <thead>
          <tr className="text-left text-ink-3 text-xs">
            <th scope="col" className="border-line border-b pr-3 pb-1.5 font-medium">
              As it was signed
            </th>
            <th scope="col" className="border-line border-b border-l pb-1.5 pl-3 font-medium">
              As it is now
            </th>
          </tr>
        </thead>
        <tbody>
          <Row
            pair={{ key: 'title', was: titled(was.title), is: titled(is.title), changed: was.title !== is.title }}
            strong
          />
          {pairs.map((pair) => (
            <Row key={pair.key} pair={pair} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function titled(text: string): Reading {
  return { label: null, state: null, parts: [{ label: null, text }] };
}

function Row({ pair, strong = false }: { readonly pair: Pair; readonly strong?: boolean }) {
  return (
    <tr className={classes('align-top', pair.changed && 'bg-warn-soft/45', strong && 'font-semibold')}>
      <td className="break-words border-line border-b py-2 pr-3 pl-1">
        <Side pair={pair} side="was" />
      </td>
      <td className="break-words border-line border-b border-l py-2 pr-1 pl-3">
        <Side pair={pair} side="is" />
      </td>
    </tr>
  );
}

function Side({ pair, side }: { readonly pair: Pair; readonly side: 'was' | 'is' }) {
  const [mine, other] = side === 'was' ? [pair.was, pair.is] : [pair.is, pair.was];
  if (!mine) return <span className="text-ink-3 italic">{side === 'was' ? 'not yet there' : 'removed'}</span>;
  return (
    <>
      {mine.label && (
        <p className="flex items-center gap-1.5 font-semibold text-ink-2">
          {mine.label}
          {mine.state && <Badge tone={mine.state === other?.state ? 'neutral' : 'warn'}>{mine.state}</Badge>}
        </p>
      )}
      {mine.parts.map(({ label, text }, index) => {
        const there = other?.parts.find((part, at) => (label === null ? at === index : part.label === label))?.text;
        const words = side === 'was' ? wordsOf(text, there ?? '') : wordsOf(there ?? '', text);
        return (
          <p
            key={label}
            className={classes(
              'whitespace-pre-wrap leading-snug',
              mine.state === ERRONEOUS && 'text-ink-3 line-through',
            )}
          >
            {label && <span className="text-ink-3">{label} </span>}
            {pair.changed ? <Marked words={words} side={side} /> : text}
          </p>
        );
      })}
    </>
  );
}

function Marked({ words, side }: { readonly words: readonly Word[]; readonly side: 'was' | 'is' }) {
  return sideOf(words, side === 'was' ? 'removed' : 'added').map(({ text, kind }, index) => {
    if (kind === 'same') return text;
    const Mark = side === 'was' ? 'del' : 'ins';
    return (
      <Mark
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
        key={index}
        className={classes(
          'box-decoration-clone rounded-sm px-0.5',
          side === 'was' ? 'bg-danger-soft text-danger-text' : 'bg-ok-soft text-ok-text no-underline',
        )}
      >
        {text}
      </Mark>
    );
  });
}

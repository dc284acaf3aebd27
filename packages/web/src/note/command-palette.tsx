// The `/` of a note: every command by its name, its key or what people call it. Those used last come first.

import { Command } from 'cmdk';
import { Popover } from 'radix-ui';
import { useMemo, useState } from 'react';
import type { Kind, Kinds } from './kinds.ts';
import { PRESETS, type Preset } from './presets.ts';
import { noteUse, recentCommands } from './recent-commands.ts';
import { SYNONYMS } from './synonyms.ts';

const GROUP =
  'mb-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs';

export function CommandPalette({
  kinds,
  at,
  onPick,
  onClose,
}: {
  readonly kinds: Kinds;
  /** Where it opens: the line it was asked for at. */
  readonly at: HTMLElement;
  /** With what the command says already, where a preset was picked. */
  readonly onPick: (key: string, fields?: Preset['fields']) => void;
  /** Closed without a choice. */
  readonly onClose: () => void;
}) {
  const anchor = useMemo(() => ({ current: at }), [at]);
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={12}
          aria-label="Commands"
          // Where the cursor goes next is said by who opened it.
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="z-40 w-[min(26rem,calc(100vw-2rem))] animate-appear overflow-hidden rounded-lg border border-line bg-raised shadow-raised"
        >
          <Choices
            kinds={kinds}
            onPick={(key, fields) => {
              if (!fields) noteUse(key);
              onPick(key, fields);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choices({
  kinds,
  onPick,
}: {
  readonly kinds: Kinds;
  readonly onPick: (key: string, fields?: Preset['fields']) => void;
}) {
  const [query, setQuery] = useState('');
  const recent = useMemo(() => recentCommands().flatMap((key) => kinds.get(key) ?? []), [kinds]);
  const found = useMemo(() => ranked([...kinds.values()], query), [kinds, query]);
  const presets = useMemo(() => presetsFor(query).filter(({ command }) => kinds.has(command)), [kinds, query]);
  return (
    <Command shouldFilter={false} label="Commands">
      <Command.Input
        value={query}
        onValueChange={setQuery}
        placeholder="What do you want to do? rx, dx, labs, vitals …"
        className="h-10 w-full border-line border-b bg-transparent px-3 text-sm outline-none"
      />
      <Command.List className="max-h-[min(22rem,50vh)] overflow-y-auto p-1">
        <Command.Empty className="px-3 py-5 text-center text-ink-3 text-sm">
          No command is called “{query}”. Press Escape to go back to the text.
        </Command.Empty>
        {query.trim() === '' && recent.length > 0 && (
          <Command.Group heading="Recent" className={GROUP}>
            {recent.map((kind) => (
              <Item key={kind.key} kind={kind} value={`recent ${kind.key}`} onPick={onPick} />
            ))}
          </Command.Group>
        )}
        <Command.Group {...(query.trim() === '' && { heading: 'All commands' })} className={GROUP}>
          {presets.map(({ key, label, summary, command, fields }) => (
            <Item key={key} kind={{ key, label, summary }} value={key} onPick={() => onPick(command, fields)} />
          ))}
          {found.map((kind) => (
            <Item key={kind.key} kind={kind} value={kind.key} onPick={onPick} />
          ))}
        </Command.Group>
      </Command.List>
    </Command>
  );
}

function Item({
  kind: { key, label, summary },
  value,
  onPick,
}: {
  readonly kind: Pick<Kind, 'key' | 'label' | 'summary'>;
  readonly value: string;
  readonly onPick: (key: string) => void;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={() => onPick(key)}
      className="flex min-h-8 cursor-pointer select-none items-baseline gap-2.5 rounded-md px-2 py-1 text-sm data-[selected=true]:bg-hover"
    >
      <span className="shrink-0 font-medium">{label}</span>
      <span className="min-w-0 flex-1 truncate text-ink-3 text-xs">{inShort(summary)}</span>
    </Command.Item>
  );
}

/** What it is; how its fields are told is for who writes programs. */
const inShort = (summary: string): string => summary.split(/[.:;](?: |$)/)[0]!;

/** Those that fit, the best first: by the beginning of the label, of a word of it, of another name, then anywhere. */
function ranked(kinds: readonly Kind[], query: string): readonly Kind[] {
  const words = query.trim().toLowerCase();
  if (words === '') return kinds;
  return kinds
    .map((kind) => ({ kind, rank: rankOf(kind, words) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((one, other) => one.rank - other.rank)
    .map(({ kind }) => kind);
}

/** Those whose name, or another name of them, begins with what is typed: they are found by name, not by chance. */
function presetsFor(query: string): readonly Preset[] {
  const words = query.trim().toLowerCase();
  if (words.length < 2) return [];
  return PRESETS.filter(({ label, also }) => [label.toLowerCase(), ...also].some((name) => name.startsWith(words)));
}

function rankOf({ key, label }: Kind, words: string): number {
  const name = label.toLowerCase();
  const others = SYNONYMS[key] ?? [];
  if (name.startsWith(words) || key.toLowerCase() === words) return 0;
  if (others.includes(words)) return 1;
  if (name.split(' ').some((word) => word.startsWith(words))) return 2;
  if (others.some((other) => other.startsWith(words))) return 3;
  return [name, key.toLowerCase(), ...others].some((one) => one.includes(words)) ? 4 : Number.POSITIVE_INFINITY;
}

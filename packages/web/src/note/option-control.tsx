// A field whose options are searched for as one types. Plugins may annotate, order, add and disable them: their notes are
// chips, and their order is kept.

import { type ReactNode, type SyntheticEvent, useEffect, useState } from 'react';
import type { FieldKind } from '@chartwire/sdk/internal/commands/control';
import { isOption } from '@chartwire/sdk/internal/commands/words';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import type { FoundOptions } from '@chartwire/client/internal/contract/commands';
import { PARTY_KINDS, type Party, type PartyKey } from '@chartwire/sdk/internal/records/parties';
import { partyTitle } from '@chartwire/sdk/internal/records/party-facts';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { addLabel, PartyDialog } from '../directory/party-dialog.tsx';
import { Badge } from '../ui/badge.tsx';
import { type Choice, Combobox, type ComboboxAction } from '../ui/combobox.tsx';
import { Chips } from './chips.tsx';
import { type CommandDoc, pluginOf } from './command-doc.ts';
import type { ControlProps } from './control-props.ts';
import { useCommand } from './use-command.ts';

/** Characters that a search, and the value and the text of an option may have. */
const LONGEST_QUERY = 200;
const LONGEST_VALUE = 255;
const LONGEST_TEXT = 1_000;

/** Milliseconds without a letter before it is searched. */
const PAUSE_MS = 120;

type FoundOption = FoundOptions['items'][number];

interface OptionChoice extends Choice {
  readonly option: Option;
}

export function OptionControl({ tied, doc, name, field, value, placeholder }: ControlProps) {
  const picked = isOption(value) ? value : null;
  const [adding, setAdding] = useState<{ readonly kind: PartyKey; readonly name: string } | null>(null);
  const actions = useAdding(field, (kind, name) => setAdding({ kind, name }));
  const choose = (option: Option | undefined): void => {
    doc.saving.edit(name, option);
    doc.saving.flush();
  };
  return (
    <>
      <Searching doc={doc} name={name} words={field.search?.from === 'terms' ? field.search.words : undefined}>
        {(search) => (
          <Combobox<OptionChoice>
            tied={tied}
            value={picked}
            onChange={(choice) => choose(choice?.option)}
            placeholder={placeholder ?? 'Search'}
            leadsOn
            actions={actions}
            {...search}
          />
        )}
      </Searching>
      {adding && (
        <Adding
          kind={adding.kind}
          name={adding.name}
          // Where records of several types can be chosen, an id alone would not say which.
          onAdded={({ resourceType, id }, text) =>
            choose({
              value: field.search?.from === 'records' && field.search.types.length > 1 ? `${resourceType}/${id}` : id,
              text,
            })
          }
          onClose={() => setAdding(null)}
        />
      )}
    </>
  );
}

/** What may be added where it is missing, by whoever may. */
function useAdding(
  { search }: Pick<FieldKind, 'search'>,
  onAdd: (kind: PartyKey, name: string) => void,
): readonly ComboboxAction[] {
  const { may } = useSession();
  const kinds = search?.from === 'records' ? ((search.adds ?? []) as readonly PartyKey[]) : [];
  return kinds
    .filter((kind) => may(PARTY_KINDS[kind].type, 'c'))
    .map((kind) => ({ label: `${addLabel(kind)} …`, onDo: (name) => onAdd(kind, name) }));
}

/** The form of a new one, over the note: what is typed and pressed in it is nothing to the command below it. */
function Adding({
  kind,
  name,
  onAdded,
  onClose,
}: {
  readonly kind: PartyKey;
  readonly name: string;
  readonly onAdded: (party: Party & { readonly id: string }, text: string) => void;
  readonly onClose: () => void;
}) {
  const stop = (event: SyntheticEvent): void => event.stopPropagation();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps what happens in the dialog from the form it is opened from
    <div onKeyDown={stop} onSubmit={stop} onFocus={stop} onBlur={stop}>
      <PartyDialog
        kind={kind}
        name={name}
        onSaved={(party) => onAdded(party, partyTitle(party) ?? PARTY_KINDS[kind].label)}
        onClose={onClose}
      />
    </div>
  );
}

export function OptionsControl({ tied, doc, name, field, value }: ControlProps) {
  const picked = (Array.isArray(value) ? value : []) as readonly Option[];
  const full = picked.length >= (field.schema.maxItems ?? Number.POSITIVE_INFINITY);
  const change = (options: readonly Option[]): void => {
    doc.saving.edit(name, options);
    doc.saving.flush();
  };
  return (
    <div className="flex flex-col gap-1.5">
      <Chips items={picked} onRemove={(gone) => change(picked.filter((option) => option.value !== gone))} />
      <Searching doc={doc} name={name}>
        {(search) => (
          <Combobox<OptionChoice>
            tied={tied}
            value={null}
            disabled={full}
            onChange={(choice) => {
              if (choice && !picked.some((option) => option.value === choice.value)) change([...picked, choice.option]);
            }}
            placeholder={full ? `At most ${picked.length}` : picked.length > 0 ? 'Add another' : 'Search'}
            leadsOn
            {...search}
          />
        )}
      </Searching>
    </div>
  );
}

interface Search {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly choices: readonly OptionChoice[] | undefined;
  readonly busy: boolean;
  readonly stale: boolean;
  readonly asTyped?: (typed: string) => OptionChoice | undefined;
  readonly none: ReactNode;
  readonly foot: ReactNode;
}

/** Searches while the cursor is in the field, and for what was entered before it left. */
function Searching({
  doc,
  name,
  words: may,
  children,
}: {
  readonly doc: CommandDoc;
  readonly name: string;
  /** What is typed may be taken as it is; `narrative`: wherever nothing else is picked. */
  readonly words?: true | 'narrative' | undefined;
  readonly children: (search: Search) => ReactNode;
}) {
  const [here, setHere] = useState(false);
  const { id, words: unchosen } = useCommand(doc);
  const query = unchosen[name] ?? '';
  const words = usePaused(query.trim());
  const found = useApi(
    api.commands.options,
    { params: { id, field: name }, query: { query: words.slice(0, LONGEST_QUERY) } },
    // Other fields, and what plugins think of them, change what is found.
    { enabled: here || query !== '', keep: true, staleTime: 2_000 },
  );
  const stale = found.isPlaceholderData || words !== query.trim();
  const items = found.data?.items ?? (found.error ? [] : undefined);
  const asTyped = may && !stale && items ? typedChoice(words, items) : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears that the cursor comes and goes
    <div onFocus={() => setHere(true)} onBlur={() => setHere(false)}>
      {children({
        query,
        onQuery: (typed) => doc.type(name, typed),
        choices: items && [...items.map(choiceOf), ...(asTyped ? [asTyped] : [])],
        busy: found.isFetching || stale,
        stale,
        ...(may === 'narrative' && { asTyped: (typed) => typedChoice(typed, []) }),
        none: found.error ? `${found.error.message} ${found.error.next}` : undefined,
        foot: found.data && silenceOf(found.data.unanswered),
      })}
    </div>
  );
}

/** Who said nothing, each plugin once. */
function silenceOf(unanswered: readonly string[]): ReactNode {
  const plugins = [...new Set(unanswered.map(pluginOf))];
  if (plugins.length === 0) return undefined;
  return `${plugins.join(', ')} did not answer in time. What it would say is not shown.`;
}

function choiceOf({ description, disabled, annotations = [], fits, ...option }: FoundOption): OptionChoice {
  const code = option.coding?.[0]?.code;
  return {
    value: option.value,
    text: option.text,
    option,
    fits,
    ...(description && { description }),
    ...(disabled && { disabled }),
    aside: (
      <span className="flex max-w-[60%] shrink-0 flex-wrap items-center justify-end gap-1">
        {annotations.map((annotation) => (
          <Badge key={annotation} tone="plugin">
            {annotation}
          </Badge>
        ))}
        {code && <span className="text-ink-3 text-xs tabular">{code}</span>}
      </span>
    ),
  };
}

/**
 * The words themselves, below what was found for them. Enter takes them where nothing else is there. A number alone would
 * be taken for a code.
 */
function typedChoice(words: string, found: readonly FoundOption[]): OptionChoice | undefined {
  if (!/\p{L}/u.test(words) || found.some(({ text }) => text.toLowerCase() === words.toLowerCase())) return undefined;
  const option = { value: words.slice(0, LONGEST_VALUE), text: words.slice(0, LONGEST_TEXT) };
  return { ...option, option, fits: found.length === 0, isTyped: true, description: 'As typed, without a code' };
}

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setPaused(value), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return paused;
}

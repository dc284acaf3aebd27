// Every event type, derived from records, commands, and the platform, as values and as types.

import { COMMANDS } from '#commands/index.ts';
import { type CommandKind, OPERATIONS, type Operation } from '#kit/command-kind.ts';
import { constantCase } from '#kit/constant-case.ts';
import type { EventEnvelope, EventKind } from '#kit/event.ts';
import type { RecordKind } from '#kit/record-kind.ts';
import { RECORD_KINDS } from '#records/index.ts';
import type { Contexts } from './contexts.ts';
import { PLATFORM_EVENTS } from './platform.ts';

/** The name of an event type. */
export type EventType = keyof Contexts;

/** The context of the event type `T`: `ContextOf<'LAB_REPORT_CREATED'>`. */
export type ContextOf<T extends EventType> = Contexts[T];

/** An event of one of the types `T`, with its context. It is a union discriminated by `type`. */
export type ChartEvent<T extends EventType = EventType> = {
  [Type in T]: EventEnvelope<Type, Contexts[Type]>;
}[T];

/** The declaration that an event type is derived from. */
export type EventOrigin =
  | { readonly of: 'record'; readonly record: RecordKind; readonly moment: string }
  /** `command` is null for events of every command. */
  | {
      readonly of: 'command';
      readonly command: CommandKind | null;
      readonly moment: 'PRE' | 'POST';
      readonly operation: Operation;
    }
  | { readonly of: 'field'; readonly command: CommandKind; readonly field: string; readonly moment: FieldMoment }
  | { readonly of: 'platform' };

type FieldMoment = 'PRE_SEARCH' | 'POST_SEARCH' | 'SELECTED';

export interface EventDefinition {
  readonly type: EventType;
  readonly kind: EventKind;
  readonly summary: string;
  /** When it occurs. */
  readonly occurs: string;
  /** Type of the event's target. */
  readonly target: string;
  readonly origin: EventOrigin;
  /** Only handlers of the plugin that caused it are given it. */
  readonly private?: true;
}

const DOING: Readonly<Record<Operation, { done: string; how: string }>> = {
  ORIGINATE: { done: 'entered into a note', how: 'somebody, or an effect, originates the command in a note' },
  UPDATE: { done: 'edited', how: 'fields of the staged command are changed' },
  COMMIT: { done: 'committed', how: 'the staged command is committed' },
  DELETE: { done: 'deleted', how: 'the staged command is deleted' },
  ENTER_IN_ERROR: { done: 'entered in error', how: 'the committed command is entered in error' },
  EXECUTE_ACTION: { done: 'asked for one of its actions', how: 'one of the command’s actions is executed' },
};

type Derived = Omit<EventDefinition, 'type'> & { readonly type: string };

// The names are declared twice, here and in the types of contexts.ts, from the same declarations. This makes the compiler compare
// them.
export const EVENTS = [
  ...RECORD_KINDS.flatMap(recordEvents),
  ...commandEvents(null),
  ...COMMANDS.flatMap((command) => [...commandEvents(command), ...fieldEvents(command)]),
  ...Object.entries(PLATFORM_EVENTS).map(([type, event]) => ({ ...event, type, origin: { of: 'platform' as const } })),
] as readonly Derived[] as readonly EventDefinition[];

/** Event types by name: `EventType.LAB_REPORT_CREATED`. */
export const EventType = Object.fromEntries(EVENTS.map(({ type }) => [type, type])) as { readonly [T in EventType]: T };

const byType = new Map<string, EventDefinition>(EVENTS.map((event) => [event.type, event]));

export function eventByType(type: string): EventDefinition | undefined {
  return byType.get(type);
}

export function isEventType(type: string): type is EventType {
  return byType.has(type);
}

function recordEvents(record: RecordKind): Derived[] {
  const { prefix, resource, label } = record;
  const one = `${/^[AEIOU]/.test(label) ? 'An' : 'A'} ${label.toLowerCase()}`;
  const event = (moment: string, summary: string, occurs: string, target: string = resource): Derived => ({
    type: `${prefix}_${moment}`,
    kind: 'notice',
    summary,
    occurs,
    target,
    origin: { of: 'record', record, moment },
  });
  return [
    event('CREATED', `${one} was created.`, 'Its first version is written, or one after its deletion.'),
    event('UPDATED', `${one} changed.`, 'A version is written that differs in more than its number and time.'),
    event('DELETED', `${one} was deleted.`, 'It is deleted; its versions stay in its history.'),
    ...Object.entries(record.transitions ?? {}).map(([name, { summary, occurs, target }]) =>
      event(name, summary, occurs, target),
    ),
  ];
}

function commandEvents(command: CommandKind | null): Derived[] {
  const label = command ? `The ${command.label} command` : 'Any command';
  return OPERATIONS.flatMap((operation) =>
    (['PRE', 'POST'] as const).map((moment): Derived => {
      const { done, how } = DOING[operation];
      const before = moment === 'PRE';
      return {
        type: command ? `${command.prefix}_COMMAND__${moment}_${operation}` : `${moment}_COMMAND_${operation}`,
        kind: before ? 'gate' : 'notice',
        summary: `${label} is ${before ? 'about to be' : 'now'} ${done}.`,
        occurs: before ? `Before ${how}.` : `After ${how}.`,
        target: 'Command',
        origin: { of: 'command', command, moment, operation },
      };
    }),
  );
}

function fieldEvents(command: CommandKind): Derived[] {
  return Object.entries(command.fields).flatMap(([field, { label, search }]) => {
    if (!search) return [];
    const prefix = `${command.prefix}__${constantCase(field)}`;
    const event = (type: string, kind: EventKind, moment: FieldMoment, summary: string, occurs: string): Derived => ({
      type,
      kind,
      summary,
      occurs,
      target: 'Command',
      origin: { of: 'field', command, field, moment },
    });
    const where = `the field “${label}” of ${command.label}`;
    return [
      event(
        `${prefix}__PRE_SEARCH`,
        'ask',
        'PRE_SEARCH',
        `Options are looked for: ${where}.`,
        `Before the built-in search of ${where}.`,
      ),
      event(
        `${prefix}__POST_SEARCH`,
        'ask',
        'POST_SEARCH',
        `Options were found: ${where}.`,
        `After the built-in search of ${where}, before anybody sees what it found.`,
      ),
      event(
        search.selected ?? `${prefix}__SELECTED`,
        'notice',
        'SELECTED',
        `An option was picked: ${where}.`,
        `An option of ${where} is picked.`,
      ),
    ];
  });
}

/** Types of events that only handlers of the plugin which caused them are given. */
export const PRIVATE_EVENTS: readonly EventType[] = EVENTS.flatMap((event) => (event.private ? [event.type] : []));

// docs/catalogue/events.md

import { COMMANDS } from '#commands/index.ts';
import { EVENTS, type EventDefinition } from '#events/catalogue.ts';
import { type CommandKind, OPERATIONS } from '#kit/command-kind.ts';
import { constantCase } from '#kit/constant-case.ts';
import type { RecordKind } from '#kit/record-kind.ts';
import { GENERIC_KINDS, NAMED_KINDS } from '#records/index.ts';
import { keptExamples } from './event-examples.ts';
import { anchor, code, GENERATED, link, table } from './markdown.ts';

export function eventsPage(): string {
  return [
    GENERATED,
    '# Events',
    `Everything that happens in a chart is an event, of one of ${EVENTS.length} types. A handler names the types that it responds to. ` +
      'It gets each event once, and a patient’s events in the order of the chart.',
    ENVELOPE,
    KINDS,
    '## Contents',
    contents(),
    '## Records',
    RECORD_CONTEXTS,
    ...NAMED_KINDS.map(recordSection),
    '### Other R4 types',
    'Every other type of R4 has the same three events, with the same contexts.',
    table(['resource', 'events', 'which'], GENERIC_KINDS.map(genericRow)),
    '## Commands',
    COMMAND_CONTEXTS,
    '### Any command',
    'These come for every command, before the events of the command itself.',
    phases(null),
    examplesOf('Any command', EVENTS.filter(ofCommand(null))),
    ...COMMANDS.flatMap((command) => [
      `### ${headingOf(command)}`,
      command.summary,
      phases(command),
      searches(command),
      examplesOf(headingOf(command), EVENTS.filter(ofCommand(command))),
    ]),
    '## Platform',
    platform(),
    examplesOf(
      'Platform',
      EVENTS.filter(({ origin }) => origin.of === 'platform'),
    ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const ENVELOPE = `## What every event holds

${table(
  ['', ''],
  [
    ['`id`', 'UUIDv7: sorts by time'],
    ['`type`', 'one of the names below'],
    ['`target`', 'the record or other thing that changed: `type`, `id`, and the `version` of a record'],
    ['`patient`, `note`', 'FHIR id of the chart’s patient, and id of the note; null outside a chart or a note'],
    ['`actor`', 'who did it: `type` (user, client, plugin, system), `id`'],
    ['`source`', 'where the change came from: fhir, api, web, hl7, effect, clock, cli, system'],
    ['`at`', 'time of the change, ISO 8601 in UTC'],
    ['`chartVersion`', 'version of the chart after the change; null outside any chart'],
    ['`cause`, `depth`', 'the event, execution, and effect that caused it, and the length of that chain, at most 8'],
    ['`context`', 'depends on the type: see below'],
  ],
)}`;

const KINDS = `## Three kinds

${table(
  ['kind', 'when', 'what a handler can do'],
  [
    ['notice', 'after the commit, in the chart’s order', 'return effects'],
    ['gate', 'before the change, which waits', 'refuse, ask for a confirmation, or amend'],
    ['ask', 'while somebody searches', 'annotate, promote, demote, hide, or add options'],
  ],
)}

What an answer to a gate or an ask holds: [Answers](answers.md).`;

const RECORD_CONTEXTS = `All of these are notices. A record’s event follows from what changed in it, however the change arrived:
one event for each record and transaction, and none for a write that changes nothing. A record that becomes one of another
kind is UPDATED as what it is now. Transitions come in addition to UPDATED (or CREATED), and after it.

${table(
  ['event', 'context'],
  [
    ['`..._CREATED`', '`record`; `changed`: its type'],
    [
      '`..._UPDATED`',
      '`record`, `previous`: the version before; `changed`: paths such as `Task.status`, `Task.note[1]`',
    ],
    ['`..._DELETED`', '`record` as it last was; `changed`: its type'],
    ['a transition', '`record`, `changed`; `previous` unless the record is new; what the transition adds'],
  ],
)}`;

const COMMAND_CONTEXTS = `Every context has \`command\` (\`id\`, \`key\`, \`state\`, \`version\`), \`note\`, \`patient\` and \`fields\`, the fields of the command (${link('Commands', 'commands.md')}).

${table(
  ['operation', 'before: gate', 'after: notice'],
  [
    ['ORIGINATE', '`proposed`: the fields at the start', ''],
    [
      'UPDATE',
      '`proposed`: the fields as they would be; `changed`: names of those that differ',
      '`previous`: the fields as they were; `changed`',
    ],
    ['COMMIT', '', '`fields` are complete; `made`: the records that the commit wrote'],
    ['DELETE', '', ''],
    ['ENTER_IN_ERROR', '`reason`, if one was given', '`made`: the records that are undone; `reason`'],
    ['EXECUTE_ACTION', '`action`', '`action`'],
  ],
)}

A field with a search has three more: \`PRE_SEARCH\` (ask: \`field\`, \`query\`, \`results\` null, \`user\`) can answer instead of the built-in
search; \`POST_SEARCH\` (ask: \`results\` found) can change the options; \`SELECTED\` (notice: \`option\`) reports the pick.`;

function contents(): string {
  const records = NAMED_KINDS.map(({ label }) => link(label)).join(', ');
  const commands = COMMANDS.map((command) => link(headingOf(command))).join(', ');
  return [
    `- ${link('Records')}: ${records}, ${link('Other R4 types')}`,
    `- ${link('Commands')}: ${link('Any command')}, ${commands}`,
    `- ${link('Platform')}: notes and the clock`,
  ].join('\n');
}

function recordSection(kind: RecordKind): string {
  const own = EVENTS.filter(({ origin }) => origin.of === 'record' && origin.record === kind);
  const where = kind.where ? ` whose ${kind.where}` : '';
  return [
    `### ${kind.label}`,
    `${kind.summary} R4: ${code(kind.resource)}${where}.`,
    table(['event', 'target', 'summary', 'what makes it happen'], own.map(recordRow)),
    examplesOf(kind.label, own),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function recordRow({ type, target, summary, occurs, origin }: EventDefinition): string[] {
  const adds = origin.of === 'record' ? origin.record.transitions?.[origin.moment]?.adds : undefined;
  return [code(type), target, summary, adds ? `${occurs} Context: ${adds}.` : occurs];
}

/** A link to the family's page in docs/catalogue/events/, when it has one. */
function examplesOf(family: string, events: readonly EventDefinition[]): string {
  const examples = keptExamples();
  return events.some(({ type }) => examples.has(type)) ? `[Examples](events/${anchor(family).slice(1)}.md)` : '';
}

function ofCommand(command: CommandKind | null): (event: EventDefinition) => boolean {
  return ({ origin }) => (origin.of === 'command' || origin.of === 'field') && origin.command === command;
}

function genericRow({ prefix, resource, where = '' }: RecordKind): string[] {
  const names = ['CREATED', 'UPDATED', 'DELETED'].map((moment) => code(`${prefix}_${moment}`));
  return [resource, names.join(' '), where];
}

/** Records and commands share some names; on this page their headings do not. */
export function headingOf({ label }: CommandKind): string {
  return `${label} command`;
}

function phases(command: CommandKind | null): string {
  const name = (moment: string, operation: string): string =>
    code(command ? `${command.prefix}_COMMAND__${moment}_${operation}` : `${moment}_COMMAND_${operation}`);
  return table(
    ['before: gate', 'after: notice'],
    OPERATIONS.map((operation) => [name('PRE', operation), name('POST', operation)]),
  );
}

function searches(command: CommandKind): string {
  const rows = Object.entries(command.fields).flatMap(([field, { search }]) => {
    if (!search) return [];
    const prefix = `${command.prefix}__${constantCase(field)}`;
    const names = [`${prefix}__PRE_SEARCH`, `${prefix}__POST_SEARCH`, search.selected ?? `${prefix}__SELECTED`];
    return [[code(field), ...names.map(code)]];
  });
  return rows.length > 0 ? table(['field', 'before a search: ask', 'after it: ask', 'picked: notice'], rows) : '';
}

export const PLATFORM_CONTEXTS: Readonly<Record<string, string>> = {
  Clock: '`minute`: ISO 8601 in UTC',
  Patient: '`source` and `target`: ids of the patients; `moved`: how many records, by type; `reason` if one was given',
  Note: '`note`; `previous` unless it is new; `changed`',
};

function platform(): string {
  const own = EVENTS.filter(({ origin }) => origin.of === 'platform');
  return table(
    ['event', 'target', 'summary', 'what makes it happen', 'context'],
    own.map(({ type, target, summary, occurs }) => [
      code(type),
      target,
      summary,
      occurs,
      PLATFORM_CONTEXTS[target] ?? '',
    ]),
  );
}

// Who may do what: the declaration that test/server/permissions.test.ts holds against what the server really does. The
// compiler names a route without a row; a row without a route fails that test by its name.

import type { Contract } from '#contract/index.ts';
import type { Row } from '#contract/row.ts';
import { EFFECTS } from '#effects/index.ts';
import { OWN_SCOPES } from '#kit/scopes.ts';
import { routesFor } from '#server/routes.ts';
import { code, GENERATED, table } from './markdown.ts';

/** The columns: whoever asks, in the order of the marks. `patient/` tokens are bound to one patient. */
export const CREDENTIALS = {
  nobody: null,
  clinician: 'role',
  staff: 'role',
  biller: 'role',
  admin: 'role',
  'the admin token': 'server',
  'system/chartwire.admin': ['system/chartwire.admin'],
  'system/*.cruds': ['system/*.cruds'],
  'system/*.rs': ['system/*.rs'],
  'user/Task.cruds': ['user/Task.cruds'],
  'patient/*.cruds': ['patient/*.cruds'],
  'patient/*.rs': ['patient/*.rs'],
} as const satisfies Record<string, null | 'role' | 'server' | readonly string[]>;

/** `+` allowed, in every chart; `o` in the chart of the token's patient alone; `-` refused. */
export const MARKS = { '+': 'yes', o: 'own patient', '-': '' } as const;

const ADMINISTRATION = '----+++-----';
const EVERY_CHART = '-+++++-++---';
const ANYBODY_KNOWN = '-+++++++++++';
const ANYBODY = '++++++++++++';
const READING = '-+++++-++-oo';
/** Writing by clinicians alone; by staff too; by billers too. */
const CLINICAL = '-+---+-+--o-';
const DESK = '-++--+-+--o-';
const BILLING = '-+-+-+-+--o-';

type OperationIn<T> = { [K in keyof T]: T[K] extends Row ? T[K]['operation'] : OperationIn<T[K]> }[keyof T];

/** By the operation of a route of /api. */
export const ROUTE_MARKS: Readonly<Record<string, string>> = {
  ...rows(EVERY_CHART, 'events.list events.stream events.get events.tree'),
  ...rows(
    ADMINISTRATION,
    'events.emit plugins.list plugins.get plugins.install plugins.preview plugins.health plugins.remove plugins.enable',
    'plugins.disable plugins.run plugins.variables.list plugins.variables.set plugins.variables.delete plugins.executions.list',
    'plugins.logs.list logs.list logs.stream deliveries.list deliveries.retry deliveries.skip outgoing.list outgoing.retry outgoing.skip roles.list users.list users.create users.get',
    'users.update users.reset users.unlink tokens.list tokens.create tokens.revoke audit.list audit.chains audit.export terms.import',
    'practice.change practice.locations.change checks.disable checks.enable',
  ),
  ...rows(ANYBODY, 'session.create session.link session.methods session.oidc.start session.oidc'),
  ...rows(
    ANYBODY_KNOWN,
    'session.get session.ways session.unlink session.delete session.password commands.list terms.list terms.search openapi.get',
    'practice.get checks.list',
  ),
  ...rows(
    READING,
    'notes.list notes.get notes.version notes.print commands.print cosignature-requests.list commands.get commands.options charts.get charts.timeline patients.find patients.merges schedule.get',
    'messages.threads messages.list reports.list reports.results reports.results.Observation attachments.getDocumentReference attachments.getDiagnosticReport attachments.getMedia',
  ),
  ...rows(
    CLINICAL,
    'notes.create notes.write notes.lock notes.unlock notes.sign notes.restore notes.delete notes.addenda.create',
    'notes.addenda.enter-in-error notes.cosignature-requests.create notes.cosignature-requests.sign',
    'notes.cosignature-requests.withdraw notes.cosignature-requests.return commands.originate',
    'commands.update commands.commit commands.enter-in-error commands.execute commands.delete commands.select',
    'appointments.note reports.review.DiagnosticReport reports.review.Observation',
  ),
  ...rows('-+++++-+++oo', 'tasks.list tasks.get'),
  ...rows('-++--+-+-+o-', 'tasks.create tasks.change tasks.comment'),
  ...rows(
    DESK,
    'messages.send messages.read reports.review.DocumentReference appointments.book appointments.check-in',
    'appointments.no-show appointments.cancel appointments.restore appointments.reschedule',
  ),
  ...rows(BILLING, 'billing-line-items.create'),
  // The inbox crosses charts.
  ...rows(EVERY_CHART, 'inbox.list inbox.get inbox.content'),
  ...rows('-++--+-+----', 'inbox.receive inbox.match inbox.file inbox.discard'),
  /** Of charts that hold nothing but what the caller may change. */
  ...rows('-++--+-+----', 'patients.merge patients.unmerge'),
} satisfies Record<OperationIn<Contract>, string>;

/** By the name of a FHIR interaction, with Conditions unless it says otherwise; and what else is asked of the FHIR door. */
export const FHIR_MARKS: Readonly<Record<string, string>> = {
  ...rows(READING, 'read vread history-instance history-type search everything'),
  'search by form': READING,
  ...rows(CLINICAL, 'create update patch delete'),
  'conditional update': CLINICAL,
  'conditional patch': CLINICAL,
  'conditional delete': CLINICAL,
  ...rows(ANYBODY_KNOWN, 'validate batch transaction'),
  'validate one': ANYBODY_KNOWN,
  /** Appointments. */
  reschedule: DESK,
  /** Of charts that hold nothing but what the caller may change. */
  merge: '-++--+-+----',
  metadata: ANYBODY,
  'conditional create': CLINICAL,
  'search with _include': READING,
  /** What they ask about can be in any chart. */
  'search with a chain': EVERY_CHART,
  'search with _has': EVERY_CHART,
  /** Records that are in no chart: `patient/*` doesn't name their types. */
  'read a Practitioner': EVERY_CHART,
  'update a Practitioner': '-+---+-+----',
  'read a document of nobody': EVERY_CHART,
};

/** A plugin's scopes; `patient/` ones mean the patient whose event it answers. */
export const PLUGIN_SCOPES = ['none', 'patient/*.rs', 'patient/*.cruds', 'system/*.rs', 'system/*.cruds'] as const;

/** By what a plugin asks for while it runs. */
export const SDK_MARKS: Readonly<Record<string, string>> = {
  'read a Condition': '-oo++',
  'search Conditions': '-oo++',
  'search Conditions by a chain': '---++',
  'search Patients by _has': '---++',
  'search Conditions with _include': '-oo++',
  'read a Practitioner': '---++',
  'read a document of nobody': '---++',
};

const WRITTEN = '--o-+';

/** By the type of an effect: what its example writes. */
export const EFFECT_MARKS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(EFFECTS.map(({ type }) => [type, WRITTEN])),
  HTTP_REQUEST: '+++++',
  SEND_WEBHOOK: '+++++',
  LOG: '+++++',
};

type WordsOf<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | WordsOf<Rest> : Text;

function rows<const Names extends readonly string[]>(
  marks: string,
  ...names: Names
): Record<WordsOf<Names[number]>, string> {
  const words = names.flatMap((some) => some.split(' '));
  return Object.fromEntries(words.map((name) => [name, marks])) as Record<WordsOf<Names[number]>, string>;
}

export function permissionsPage(): string {
  const columns = Object.keys(CREDENTIALS).map(code);
  const plugins = PLUGIN_SCOPES.map(code);
  const routes = routesFor({ commands: [] });
  return [
    GENERATED,
    '# Permissions',
    'Who may call each route and FHIR interaction, and which scopes each effect and read of a plugin needs. A test calls each one as each caller and compares the answers with this table. **yes**: in every chart. **own patient**: only in the chart of the token’s patient, or of the event that a plugin answers. Empty: refused. A token bound to one patient gets the same answer, `access.outside-chart`, for a record of another patient as for one that doesn’t exist.',
    '## Routes',
    table(
      ['route', ...columns],
      routes.map(({ method, path, operation }) => [code(`${method} ${path}`), ...cells(ROUTE_MARKS[operation])]),
    ),
    '## Scopes of Chartwire’s own',
    'Beside the SMART scopes of records. They are for people and clients: a plugin never has one.',
    table(
      ['scope', 'what its holder may do', 'comes with the administration'],
      Object.entries(OWN_SCOPES).map(([scope, { summary, withAdmin }]) => [
        code(scope),
        summary,
        withAdmin ? 'yes' : '',
      ]),
    ),
    '## FHIR',
    'With Conditions, unless the row says otherwise. Anybody can send a batch or a transaction; each entry is checked.',
    table(
      ['interaction', ...columns],
      Object.entries(FHIR_MARKS).map(([name, marks]) => [name, ...cells(marks)]),
    ),
    '## What a plugin reads',
    table(
      ['read', ...plugins],
      Object.entries(SDK_MARKS).map(([name, marks]) => [name, ...cells(marks)]),
    ),
    '## What comes with an event',
    'An event brings its record (a command’s fields, a note) to a plugin, regardless of the plugin’s scopes. Installing a plugin allows that. The types appear beside its scopes before and after the installation (`receives` at `/api/plugins`, `chartwire install`, the plugin’s page), and an upgrade highlights what it adds. Each delivered event is a row of the audit trail, `plugin.event`. A record that an effect names by its id alone needs `<type>.r`, since its name goes into the command. [Why](../decisions/0014-records-in-events.md).',
    '## What a plugin’s effects do',
    '[Effects](effects.md) lists the scopes of each effect by itself.',
    table(
      ['effect', ...plugins],
      Object.entries(EFFECT_MARKS).map(([name, marks]) => [code(name), ...cells(marks)]),
    ),
  ].join('\n\n');
}

function cells(marks = ''): string[] {
  return [...marks].map((mark) => MARKS[mark as keyof typeof MARKS]);
}

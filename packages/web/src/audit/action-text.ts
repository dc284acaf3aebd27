// What an action of the audit trail was, in words: those of the FHIR door by name, those of /api as `notes.create`.

import { tableOf } from '../table-of.ts';

/** By the whole of its name. */
const SAID: Readonly<Record<string, string>> = tableOf({
  read: 'Read',
  vread: 'Read a version of',
  search: 'Searched',
  create: 'Created',
  update: 'Changed',
  patch: 'Changed',
  delete: 'Deleted',
  history: 'Read the history of',
  'plugin.read': 'Read',
  'plugin.search': 'Searched',
  'plugin.event': 'Received an event about',
  'plugin.effect': 'Changed',
  'audit.prune': 'Removed old rows of the audit trail',
  'audit.chains': 'Viewed the chains of the audit trail',
  'session.create': 'Signed in',
  'session.delete': 'Signed out',
  'session.get': 'Checked who is signed in',
  'session.link': 'Used a link to sign in',
  'session.methods': 'Checked how to sign in',
  'session.password': 'Changed the password',
  'session.oidc': 'Signed in with the identity provider',
  'session.oidc.start': 'Started to sign in with the identity provider',
  'appointments.check-in': 'Checked in an appointment',
  'appointments.no-show': 'Marked an appointment as a no-show',
  'appointments.cancel': 'Canceled an appointment',
  'checks.disable': 'Switched off a check',
  'checks.enable': 'Switched on a check',
  'commands.enter-in-error': 'Entered a command in error',
  'deliveries.retry': 'Retried deliveries',
  'events.emit': 'Emitted an event',
  'inbox.match': 'Matched an inbox document to a patient',
  'inbox.receive': 'Added a document to the inbox',
  'messages.read': 'Marked messages as read',
  'messages.threads': 'Listed message threads',
  'terms.import': 'Imported terms',
});

/** Where the past of a verb is not its word with `ed`. */
const VERBS: Readonly<Record<string, string>> = tableOf({
  get: 'Opened',
  find: 'Searched for',
  stream: 'Followed',
  timeline: 'Read the timeline of',
  tree: 'Read the story of',
  content: 'Read',
  health: 'Viewed the health of',
  create: 'Created',
  update: 'Changed',
  change: 'Changed',
  originate: 'Started',
  write: 'Wrote to',
  send: 'Sent',
  comment: 'Commented on',
  note: 'Opened the visit of',
  book: 'Booked',
  commit: 'Committed',
  options: 'Searched for options of',
  select: 'Chose an option of',
  delete: 'Deleted',
  remove: 'Removed',
  revoke: 'Withdrew',
  reset: 'Reset',
  set: 'Set',
  export: 'Exported',
});

/** What is done to many at once. */
const OF_MANY: ReadonlySet<string> = new Set(['list', 'find', 'stream', 'search', 'export']);

/** One and many, where a name does not say it. */
const THINGS: Readonly<Record<string, readonly [one: string, many: string]>> = tableOf({
  audit: ['the audit trail', 'the audit trail'],
  schedule: ['the schedule', 'the schedule'],
  inbox: ['an inbox document', 'inbox documents'],
});

export function actionText(action: string): string {
  const said = SAID[action];
  if (said) return said;
  // Its type stands beside it: `reports.review.DiagnosticReport`.
  const names = action.split('.').filter((name) => !/^[A-Z]/.test(name));
  const verb = names.pop();
  if (!verb || names.length === 0) return action;
  return `${VERBS[verb] ?? pastOf(verb)} ${thingText(names, OF_MANY.has(verb))}`;
}

/** `reschedule` to `Rescheduled`. */
function pastOf(verb: string): string {
  return `${verb[0]!.toUpperCase()}${verb.slice(1).replace(/e$/, '')}ed`;
}

/** `['plugins', 'executions']` to `a plugin execution` or `plugin executions`. */
function thingText(names: readonly string[], many: boolean): string {
  const known = names.length === 1 ? THINGS[names[0]!] : undefined;
  if (known) return known[many ? 1 : 0];
  const words = names.map((name) => name.replaceAll('-', ' '));
  const last = words.pop()!;
  const said = [...words.map(singular), many ? last : singular(last)].join(' ');
  if (many) return said;
  return `${/^[aeio]/.test(said) ? 'an' : 'a'} ${said}`;
}

function singular(words: string): string {
  return words.replace(/s$/, '');
}

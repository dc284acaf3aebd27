// Every refusal Chartwire can give, in one place: its code, HTTP status, FHIR issue type and sentence.
// HTTP problems (RFC 9457), OperationOutcomes and docs/catalogue/errors.md are readings of this table.

import type { ErrorRow } from './error-row.ts';
import { OIDC_ERRORS } from './oidc-errors.ts';
import { visibleText } from './visible.ts';

export type { ErrorRow };

export const ERRORS = {
  // ── the request
  'request.malformed': {
    status: 400,
    issue: 'structure',
    sentence: 'The request body could not be read: {reason}.',
    next: 'Send well-formed JSON with the content type named in the documentation.',
  },
  'request.invalid': {
    status: 422,
    issue: 'invalid',
    sentence: 'The request is not valid: {reason}.',
    next: 'Correct the fields named in the answer and send it again.',
  },
  'request.too-large': {
    status: 413,
    issue: 'too-long',
    sentence: 'The request body is larger than {limit} bytes.',
    next: 'Split it into smaller requests, or import it with `chartwire import`.',
  },
  'request.media-type': {
    status: 415,
    issue: 'not-supported',
    sentence: 'The content type {type} is not accepted here.',
    next: 'Use one of: {accepted}.',
  },
  'request.accept': {
    status: 406,
    issue: 'not-supported',
    sentence: 'The answer cannot be given as {type}.',
    next: 'Ask for one of: {accepted}.',
  },
  'request.header': {
    status: 400,
    issue: 'invalid',
    sentence: 'The header {header} cannot be used: {reason}.',
    next: 'Correct the header, or leave it out.',
  },
  'request.query': {
    status: 400,
    issue: 'invalid',
    sentence: 'The query parameter {parameter} could not be read: {reason}.',
    next: 'Write the parameter as UTF-8, with % escapes of two hexadecimal digits each.',
  },
  'request.repeated': {
    status: 422,
    issue: 'conflict',
    sentence: 'This Idempotency-Key was used for another request.',
    next: 'Send the first request unchanged, or use a new key.',
  },
  'request.unstorable': {
    status: 422,
    issue: 'value',
    sentence: 'The request holds a number, a time or a text that cannot be stored or searched for.',
    next: 'Look for values out of any sensible range, and send it without them.',
  },
  'request.aborted': {
    status: 499,
    issue: 'transient',
    sentence: 'The client closed the connection before it had the answer.',
    next: 'Send it again.',
  },
  'route.unknown': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is nothing at {method} {path}.',
    next: 'See /api/openapi.json for the API and /fhir/R4/metadata for FHIR.',
  },
  // ── access
  'access.unauthenticated': {
    status: 401,
    issue: 'login',
    sentence: 'Nobody is signed in, and there is no valid bearer token.',
    next: 'Sign in at POST /api/session, or send a token from `chartwire token create` as `Authorization: Bearer ...`.',
  },
  'access.grant': {
    status: 403,
    issue: 'forbidden',
    sentence: 'You may not grant {scope}, since you don’t hold it yourself.',
    next: 'Ask somebody who holds it to grant it, or use the server’s own admin token.',
  },
  'access.forbidden': {
    status: 403,
    issue: 'forbidden',
    sentence: 'You may not {action}.',
    next: 'Ask an administrator for a role or a token whose scopes include {scope}.',
  },
  'token.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no token {id}.',
    next: 'See `chartwire token list` for the tokens and their ids.',
  },
  'session.refused': {
    status: 401,
    issue: 'login',
    sentence: 'The login or the password isn’t right.',
    next: 'Try again, or ask an administrator for a link to choose a new password.',
  },
  'session.limited': {
    status: 429,
    issue: 'throttled',
    sentence: 'There were too many failed attempts.',
    next: 'Wait {wait}, use a browser that you’ve signed in with before, or ask an administrator for a link.',
  },
  'session.none': {
    status: 401,
    issue: 'login',
    sentence: 'Nobody is signed in.',
    next: 'Sign in at POST /api/session; a bearer token is no session.',
  },
  'session.foreign-request': {
    status: 403,
    issue: 'forbidden',
    sentence: 'The request does not come from the application: {reason}.',
    next: 'Send the header x-csrf-token as GET /api/session gives it, from a page of this server.',
  },
  ...OIDC_ERRORS,
  'identity.none': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This user isn’t linked to the identity provider.',
    next: 'Nothing has to be done.',
  },
  'identity.only-way': {
    status: 409,
    issue: 'business-rule',
    sentence: 'You have no password: without the link you couldn’t sign in.',
    next: 'Ask an administrator for a link to choose a password first.',
  },
  'password.weak': {
    status: 422,
    issue: 'invalid',
    sentence: 'The password can’t be used: {reason}.',
    next: 'Choose one of 12 characters or more that isn’t easy to guess: four words that have nothing to do with each other, or with you, are good.',
  },
  'password.wrong': {
    status: 422,
    issue: 'invalid',
    sentence: 'The current password isn’t right.',
    next: 'Try again, or ask an administrator for a link to choose a new one.',
  },
  'link.expired': {
    status: 410,
    issue: 'expired',
    sentence: 'The link is not good any more: it was used, replaced or too old.',
    next: 'Ask an administrator for a new one, or make one with `chartwire user reset`.',
  },
  'user.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no user {id}.',
    next: 'See `chartwire user list` for the users and their ids.',
  },
  'user.exists': {
    status: 409,
    issue: 'duplicate',
    sentence: 'There is a user with this login already.',
    next: 'Choose another login, or change the user that has it.',
  },
  'user.inactive': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The user is not active, and may not sign in.',
    next: 'Make the user active first.',
  },
  'user.last-admin': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This is the last administrator who can sign in.',
    next: 'First make another user an administrator, and have them sign in.',
  },
  // ── records
  'record.unknown-type': {
    status: 404,
    issue: 'not-supported',
    sentence: '{type} is not a FHIR R4 resource type.',
    next: 'See /fhir/R4/metadata for the types that are served.',
  },
  'record.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: '{reference} does not exist.',
    next: 'Check the id; search for the record if it is not known.',
  },
  'record.deleted': {
    status: 410,
    issue: 'deleted',
    sentence: '{reference} was deleted.',
    next: 'Its earlier versions can still be read from its history.',
  },
  'record.invalid': {
    status: 422,
    issue: 'invariant',
    sentence: '{type} is not valid: {reason}.',
    next: 'Correct the elements named by the expressions and send it again.',
  },
  'chart.merged': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The chart of {source} was merged into that of {target}, so nothing is written into it.',
    next: 'Write into the chart of {target} instead.',
  },
  'merge.refused': {
    status: 422,
    issue: 'business-rule',
    sentence: 'The charts can’t be merged: {reason}.',
    next: '{instead}',
  },
  'merge.unconfirmed': {
    status: 422,
    issue: 'business-rule',
    sentence: 'The charts differ in {differences}, which the same person’s charts seldom do.',
    next: 'Make sure that both charts are of the same person, and send the merge again with confirm: {confirm}.',
  },
  'merge.none': {
    status: 404,
    issue: 'not-found',
    sentence: 'The chart of {reference} isn’t merged into another one.',
    next: 'Read the chart that it should be merged into: its `merged` lists the charts that were.',
  },
  'merge.lasting': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The merge can’t be undone any more: {reason}.',
    next: 'Correct by hand what is in the wrong chart.',
  },
  'record.no-effect': {
    status: 422,
    issue: 'not-supported',
    sentence: 'The {type} is not kept: {reason}.',
    next: '{instead}',
  },
  'record.identity': {
    status: 400,
    issue: 'invalid',
    sentence: 'The body does not fit the address: {reason}.',
    next: 'Send the same type and id in the body as in the address.',
  },
  'record.exists': {
    status: 412,
    issue: 'conflict',
    sentence: '{reference} exists already, and If-None-Match says that it must not.',
    next: 'Leave If-None-Match out to replace it, or use another id.',
  },
  'record.conflict': {
    status: 409,
    issue: 'conflict',
    sentence: '{reference} was changed meanwhile: it is at version {actual}.',
    next: 'Read it again, repeat the change on the new version, and send it again.',
  },
  'record.version-mismatch': {
    status: 412,
    issue: 'conflict',
    sentence: '{reference} is at version {actual}, not at {expected} as If-Match says.',
    next: 'Read it again, repeat the change on the new version, and send it again.',
  },
  'record.multiple-matches': {
    status: 412,
    issue: 'multiple-matches',
    sentence: 'The condition matches {count} records; it must match at most one.',
    next: 'Use criteria that name one record, such as an identifier.',
  },
  'record.reference': {
    status: 422,
    issue: 'not-found',
    sentence: '{expression} refers to {reference}, which does not exist.',
    next: 'Create the referenced record first, or send both in one transaction bundle.',
  },
  'patch.failed': {
    status: 422,
    issue: 'processing',
    sentence: 'The patch could not be applied: {reason}.',
    next: 'Check the paths against the current version of the record.',
  },
  'search.parameter': {
    status: 400,
    issue: 'not-supported',
    sentence: 'The search parameter {parameter} cannot be used: {reason}.',
    next: 'See /fhir/R4/metadata for the parameters of each type.',
  },
  'search.too-costly': {
    status: 422,
    issue: 'too-costly',
    sentence: 'The search takes more than {limit} seconds.',
    next: 'Narrow it: name a patient, a code or a span of time, search for the beginning of a text rather than :contains, chain less.',
  },
  'search.throttled': {
    status: 429,
    issue: 'throttled',
    sentence: 'You have too many long searches under way.',
    next: 'Wait for {seconds} seconds and for their answers, and narrow them.',
  },
  'bundle.invalid': {
    status: 400,
    issue: 'invalid',
    sentence: 'The bundle cannot be processed: {reason}.',
    next: 'Correct the entry named in the answer and send the bundle again.',
  },
  // ── events and effects
  'event.unknown': {
    status: 422,
    issue: 'code-invalid',
    sentence: '{type} is not an event type.',
    next: 'See docs/catalogue/events.md for the event types.',
  },
  'event.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no event {id}.',
    next: 'See /api/events for the events and their ids.',
  },
  'event.depth': {
    status: 422,
    issue: 'processing',
    sentence: 'The chain of events and effects is {depth} deep; the limit is {limit}.',
    next: 'A plugin probably answers its own effects: look at the cause of the event.',
  },
  'effect.unknown': {
    status: 422,
    issue: 'code-invalid',
    sentence: '{type} is not an effect.',
    next: 'See docs/catalogue/effects.md for the effects.',
  },
  'effect.invalid': {
    status: 422,
    issue: 'invalid',
    sentence: 'The effect {type} is not valid: {reason}.',
    next: 'See docs/catalogue/effects.md for its payload.',
  },
  'effect.forbidden': {
    status: 403,
    issue: 'forbidden',
    sentence: 'The plugin may not {action}.',
    next: 'Add the scope {scope} to the plugin’s chartwire.json.',
  },
  'effect.refused': {
    status: 422,
    issue: 'business-rule',
    sentence: 'The effect {type} was refused: {reason}.',
    next: 'See the execution for the inputs it was given.',
  },
  // ── notes, commands and gates
  'note.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no note {id}.',
    next: 'Make one with POST /api/notes.',
  },
  'note.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'Unlock or restore the note first, where that is right.',
  },
  'note.committed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note with committed commands is not deleted: what they made would stay in the chart.',
    next: 'Enter its committed commands in error first, if all of it is wrong.',
  },
  'note.billed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note whose visit has charges is not deleted: they would stay without it.',
    next: 'Remove its charges first, if all of it is wrong.',
  },
  'note.signed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note that has been signed can’t be deleted: it keeps what was signed, and by whom.',
    next: 'Enter its commands in error if they are wrong, say in the note what was wrong, and sign it again; or add an addendum once it is locked or signed.',
  },
  'note.unlock': {
    status: 403,
    issue: 'forbidden',
    sentence:
      'You can’t unlock this note. Its author, the person who locked it or signed it first, and a supervisor who co-signed it can, and so can anyone with the right to unlock others’ notes.',
    next: 'Add an addendum, which needs no unlock, or ask one of them. An administrator gives the right with the role supervisor or the scope {scope}.',
  },
  'note.unseen': {
    status: 409,
    issue: 'conflict',
    sentence: 'The note was not signed: a command in it changed after you read it.',
    next: 'Read the note again, and sign it if what it says now is right.',
  },
  'note.reason': {
    status: 422,
    issue: 'required',
    sentence: 'Unlocking a note takes a reason, which is kept with the note.',
    next: 'Send it as `reason`.',
  },
  'note.not-yours': {
    status: 403,
    issue: 'forbidden',
    sentence: 'Only {whose} can do this.',
    next: 'Ask them to do it.',
  },
  'note.no-addendum': {
    status: 404,
    issue: 'not-found',
    sentence: 'The note has no addendum {id}.',
    next: 'See GET /api/notes/:id for its addenda.',
  },
  'note.no-request': {
    status: 404,
    issue: 'not-found',
    sentence: 'The note has no co-signature request {id}.',
    next: 'See GET /api/notes/:id for its requests.',
  },
  'print.too-long': {
    status: 422,
    issue: 'too-long',
    sentence: 'This would take more than {limit} pages, the most that one PDF can have.',
    next: 'Read it on the screen, or print the commands of the note one by one.',
  },
  'command.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no command {id}.',
    next: 'See GET /api/notes/:id for the commands of a note.',
  },
  'command.unknown': {
    status: 422,
    issue: 'code-invalid',
    sentence: '{command} is not a command.',
    next: 'See GET /api/commands for the commands.',
  },
  'command.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'See what may be done with a command, and when, in docs/notes-and-commands.md.',
  },
  'command.fields': {
    status: 422,
    issue: 'invalid',
    sentence: 'The {command} command is not valid: {reason}.',
    next: 'Correct the fields named in the answer.',
  },
  'gate.refused': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} refused: {message}',
    next: 'Change what it names. If the check is wrong, speak with whoever looks after the plugin, or have it switched off.',
  },
  'gate.confirm': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} asks for confirmation: {message}',
    next: 'Send it again with `overrides: [{check, reason}]` if it is right all the same.',
  },
  'gate.blocked': {
    status: 503,
    issue: 'transient',
    sentence: 'A check that must run could not: {plugin} ({message}).',
    next: 'Try again; if it stays so, the operator can disable the plugin.',
  },
  'gate.amendment': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} amended it to what may not be: {reason}',
    next: 'Speak with whoever looks after the plugin, or have the operator disable it.',
  },
  // ── appointments and the inbox
  'appointment.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'See the states of appointments in docs/scheduling-and-inbox.md.',
  },
  'inbox.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no document {id} in the inbox.',
    next: 'See GET /api/inbox for the documents that wait to be filed.',
  },
  'inbox.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'Match a document to a patient before it is filed; change what was filed at /fhir/R4.',
  },
  'inbox.content': {
    status: 415,
    issue: 'not-supported',
    sentence: 'The file is not a PDF, a PNG or a JPEG, whatever its content type says.',
    next: 'Send the file itself as the body, unchanged.',
  },
  // ── code systems
  'terms.system': {
    status: 404,
    issue: 'not-found',
    sentence: '{system} is not a code system.',
    next: 'Name one of icd10cm, rxnorm, loinc, cvx, hcpcs and snomed, or give its URI.',
  },
  'terms.file': {
    status: 422,
    issue: 'invalid',
    sentence: 'The file cannot be imported: {reason}.',
    next: 'Nothing was changed. See docs/terms.md for the files of each code system.',
  },
  'terms.busy': {
    status: 409,
    issue: 'conflict',
    sentence: 'The code system {system} is being imported already.',
    next: 'Wait until that import has ended.',
  },
  // ── plugins
  'plugin.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'No plugin is named {name}.',
    next: 'See `chartwire list` for the installed plugins.',
  },
  'plugin.changed': {
    status: 409,
    issue: 'conflict',
    sentence: 'The plugin {name} was changed meanwhile, at another node.',
    next: 'See `chartwire list` for what is installed now, and try again.',
  },
  'plugin.variable-not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'The plugin {name} has no variable {key}.',
    next: 'See `chartwire variables list {name}` for its variables.',
  },
  'plugin.manifest': {
    status: 422,
    issue: 'invalid',
    sentence: 'chartwire.json is not valid: {reason}.',
    next: 'Correct it; `chartwire validate` checks it without installing.',
  },
  'plugin.package': {
    status: 422,
    issue: 'invalid',
    sentence: 'The plugin package cannot be used: {reason}.',
    next: 'Send a gzipped tar of the plugin’s folder, as `chartwire install` does.',
  },
  'plugin.npm-package': {
    status: 422,
    issue: 'invalid',
    sentence: 'The plugin’s npm packages cannot be packed: {reason}.',
    next: 'Install each in the plugin’s own folder, where package.json names it under dependencies, and try again.',
  },
  'plugin.build': {
    status: 422,
    issue: 'processing',
    sentence: 'The plugin does not build: {reason}.',
    next: 'Correct the file and line named in the answer.',
  },
  'plugin.build-stopped': {
    status: 422,
    issue: 'too-costly',
    sentence: 'Building the plugin was stopped: {reason}.',
    next: 'Make it smaller or simpler; `chartwire validate` builds it without installing.',
  },
  'plugin.builder': {
    status: 503,
    issue: 'exception',
    sentence: 'Plugins cannot be built here at the moment: {reason}.',
    next: 'Try again; if it stays so, run `chartwire doctor` on the server and look at its log.',
  },
  'plugin.load': {
    status: 422,
    issue: 'processing',
    sentence: 'The plugin does not load: {reason}.',
    next: 'Correct it; `chartwire validate` loads it without installing.',
  },
  // ── running a handler
  'handler.threw': {
    status: 500,
    issue: 'exception',
    sentence: 'The handler threw {name}: {message}.',
    next: 'The stack names the file and line in the plugin.',
  },
  'handler.gave-up': {
    status: 422,
    issue: 'processing',
    sentence: 'The handler gave the event up: {message}.',
    next: 'Mend what it names, then retry the delivery.',
  },
  'handler.deadline': {
    status: 504,
    issue: 'timeout',
    sentence: 'The handler did not finish within {limit} ms.',
    next: 'Look for a loop or a wait that never ends.',
  },
  'handler.step-timeout': {
    status: 504,
    issue: 'timeout',
    sentence: 'The handler computed for more than {limit} ms without a pause.',
    next: 'Look for a loop; split long work over several events.',
  },
  'handler.memory': {
    status: 507,
    issue: 'throttled',
    sentence: 'The handler used more than {limit} MB of memory.',
    next: 'Read and keep less at a time.',
  },
  'handler.crashed': {
    status: 500,
    issue: 'exception',
    sentence: 'The handler ended the process that ran it.',
    next: 'Look for huge strings, arrays or numbers.',
  },
  'handler.output': {
    status: 422,
    issue: 'invalid',
    sentence: 'The handler returned something other than a list of effects: {reason}.',
    next: 'Return an array of effects, or an empty array.',
  },
  'handler.limit': {
    status: 429,
    issue: 'throttled',
    sentence: 'The handler passed its limit of {limit} {what}.',
    next: 'Do less in one event.',
  },
  'handler.quarantined': {
    status: 503,
    issue: 'throttled',
    sentence: 'The plugin is quarantined after repeated failures.',
    next: 'See its executions; enable it again once it is corrected.',
  },
  'handler.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'The plugin could not be run just now: {reason}.',
    next: 'It is tried again by itself.',
  },
  'host.forbidden': {
    status: 403,
    issue: 'forbidden',
    sentence: 'The plugin may not {action}.',
    next: 'Add {scope} to the plugin’s chartwire.json.',
  },
  'host.http': {
    status: 502,
    issue: 'processing',
    sentence: 'The HTTP request failed: {reason}.',
    next: 'Check the address and that its host is listed under `network` in chartwire.json.',
  },
  'host.secret': {
    status: 403,
    issue: 'forbidden',
    sentence: 'The plugin may not send its secret {name} to {host} in {place}.',
    next: 'Where that is right, add "{place}" for the host "{host}" to "sendTo" of {name} in the plugin’s chartwire.json.',
  },
  'host.secret-text': {
    status: 422,
    issue: 'invalid',
    sentence: 'The request was not sent: {where} holds the placeholder of the secret {name} as text.',
    next: 'Give the reference itself as the value of a header, of `query`, of `form` or in a JSON body, or build the text with bearer, basicAuth or secretText of chartwire/sdk.',
  },
  'delivery.unwritten': {
    status: 500,
    issue: 'processing',
    sentence: 'The effects could not be written: {reason}.',
    next: 'It is tried again by itself; return fewer or smaller effects if this goes on.',
  },
  'delivery.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no delivery {id} to retry.',
    next: 'See /api/deliveries?state=dead.',
  },
  // ── the server
  'server.busy': {
    status: 503,
    issue: 'throttled',
    sentence: 'The server has too much to do.',
    next: 'Try again in a few seconds.',
  },
  'server.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'The database does not answer just now.',
    next: 'Try again in {seconds} seconds. What you sent may have been carried out: look first, or send it again with the same Idempotency-Key.',
  },
  'audit.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'This could not be put on record in the audit trail, so nothing is handed out.',
    next: 'Try again in {seconds} seconds. If it stays so, tell the operator: the log says why.',
  },
  'server.failed': {
    status: 500,
    issue: 'exception',
    sentence: 'Something went wrong in the server; it was logged as {reference}.',
    next: 'Tell the operator the reference.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** One fault inside a refusal: where (a FHIRPath expression or a JSON pointer) and what. Never holds PHI. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  /** A code of http://hl7.org/fhir/issue-type, when it differs from the refusal's own. */
  readonly issue?: string;
}

/**
 * An expected refusal. Thrown inside the server and turned into the door's own error form at its edge; every other
 * exception is a bug and becomes `server.failed`.
 */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly values: Readonly<Record<string, string | number>>;
  readonly faults: readonly Fault[];
  /** Members that the answer has beside the usual ones (RFC 9457 section 3.2). */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    values: Record<string, string | number> = {},
    faults: readonly Fault[] = [],
    extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(fill(ERRORS[code].sentence, values));
    this.name = 'Refusal';
    this.code = code;
    this.values = values;
    this.faults = faults.map((fault) => ({
      ...fault,
      path: visibleText(fault.path),
      message: visibleText(fault.message),
    }));
    this.extensions = extensions;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get issue(): string {
    return ERRORS[this.code].issue;
  }

  /** What the reader can do next. */
  get next(): string {
    return fill(ERRORS[this.code].next, this.values);
  }
}

function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}(\.?)/g, (_, key: string, stop: string) => {
    const value = visibleText(String(values[key] ?? `{${key}}`));
    // A reason that somebody else gave may be a sentence already.
    return /[.!?]$/.test(value) ? value : `${value}${stop}`;
  });
}

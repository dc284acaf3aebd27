// A handler that runs: its limits, its reads, its HTTP, its deliveries.

import type { ErrorRow } from '../error-row.ts';

export const HANDLER_ERRORS = {
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
    next: 'Fix what it names, then retry the delivery.',
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
} as const satisfies Record<string, ErrorRow>;

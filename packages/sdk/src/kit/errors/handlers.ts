// Running a handler: limits, reads, HTTP requests, and deliveries.

import type { ErrorRow } from '../error-row.ts';

export const HANDLER_ERRORS = {
  'handler.threw': {
    status: 500,
    issue: 'exception',
    sentence: 'The handler threw {name}: {message}.',
    next: 'Fix the file and line that the stack names.',
  },
  'handler.gave-up': {
    status: 422,
    issue: 'processing',
    sentence: 'The handler gave up on the event: {message}.',
    next: 'Fix what it names, then retry the delivery.',
  },
  'handler.deadline': {
    status: 504,
    issue: 'timeout',
    sentence: 'The handler didn’t finish within {limit} ms.',
    next: 'Look for a loop or a wait that never ends.',
  },
  'handler.step-timeout': {
    status: 504,
    issue: 'timeout',
    sentence: 'The handler ran for more than {limit} ms without a pause.',
    next: 'Look for a loop; split long work over several events.',
  },
  'handler.memory': {
    status: 507,
    issue: 'throttled',
    sentence: 'The handler used more than {limit} MB of memory.',
    next: 'Read and keep less data at a time.',
  },
  'handler.crashed': {
    status: 500,
    issue: 'exception',
    sentence: 'The handler crashed the process that ran it.',
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
    sentence: 'The handler went over its limit of {limit} {what}.',
    next: 'Do less for each event.',
  },
  'handler.quarantined': {
    status: 503,
    issue: 'throttled',
    sentence: 'The plugin is quarantined after repeated failures.',
    next: 'Check its executions, fix it, and enable it again.',
  },
  'handler.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'The plugin couldn’t run: {reason}.',
    next: 'The server retries it automatically.',
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
    next: 'Check the address, and that `network` in chartwire.json lists its host.',
  },
  'host.secret': {
    status: 403,
    issue: 'forbidden',
    sentence: 'The plugin may not send its secret {name} to {host} in {place}.',
    next: 'If it should, add "{place}" for the host "{host}" to "sendTo" of {name} in the plugin’s chartwire.json.',
  },
  'host.secret-text': {
    status: 422,
    issue: 'invalid',
    sentence: 'The request wasn’t sent: {where} has the placeholder of the secret {name} as text.',
    next: 'Pass the reference itself in a header, `query`, `form` or a JSON body, or build the text with bearer, basicAuth or secretText from chartwire/sdk.',
  },
  'outgoing.answered': {
    status: 502,
    issue: 'processing',
    sentence: 'The other system answered with status {status}.',
    next: 'Check the address and what it expects. A request that was given up can be retried on the plugin’s page.',
  },
  'outgoing.full': {
    status: 503,
    issue: 'throttled',
    sentence: 'The plugin has {limit} requests waiting to be sent.',
    next: 'They are sent first. See the requests on the plugin’s page for what holds them up.',
  },
  'outgoing.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no request {id} in a state that allows this.',
    next: 'See /api/outgoing for the requests and their states.',
  },
  'delivery.unwritten': {
    status: 500,
    issue: 'processing',
    sentence: 'The effects couldn’t be written: {reason}.',
    next: 'The server retries it automatically. If it keeps failing, return fewer or smaller effects.',
  },
  'delivery.loop': {
    status: 422,
    issue: 'processing',
    sentence: 'A loop was stopped after {limit}: {loop}.',
    next: 'Make one of these handlers return no effects when nothing is left to change. Then retry this delivery, or skip it.',
  },
  'delivery.loop-ended': {
    status: 422,
    issue: 'processing',
    sentence: 'Skipped: this event belongs to a loop that was stopped. Its dead letter is {letter}.',
    next: 'Fix the loop first. Then deliver this event if it’s still needed.',
  },
  'delivery.disabled': {
    status: 409,
    issue: 'conflict',
    sentence: 'The plugin {name} is disabled, and its events are skipped.',
    next: 'Enable it with `chartwire enable {name}`, then retry the delivery.',
  },
  'delivery.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no delivery {id} to retry.',
    next: 'Find the dead letters at /api/deliveries?state=dead.',
  },
} as const satisfies Record<string, ErrorRow>;

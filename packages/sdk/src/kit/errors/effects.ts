// Events, and the effects that plugins return.

import type { ErrorRow } from '../error-row.ts';

export const EFFECT_ERRORS = {
  'event.unknown': {
    status: 422,
    issue: 'code-invalid',
    sentence: '{type} isn’t an event type.',
    next: 'See /docs/catalogue/events.html for the event types.',
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
    next: 'Too many handlers respond to one another’s effects. Check what caused the event.',
  },
  'effect.unknown': {
    status: 422,
    issue: 'code-invalid',
    sentence: '{type} isn’t an effect.',
    next: 'See /docs/catalogue/effects.html for the effects.',
  },
  'effect.invalid': {
    status: 422,
    issue: 'invalid',
    sentence: 'The effect {type} isn’t valid: {reason}.',
    next: 'See /docs/catalogue/effects.html for its payload.',
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
    next: 'Check the inputs in its execution.',
  },
} as const satisfies Record<string, ErrorRow>;

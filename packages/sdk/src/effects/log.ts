// A line in the plugin's log, kept only if the execution's other effects apply.

import { Type } from 'typebox';
import { choice, closed, text } from '#kit/schema.ts';
import { defineEffect } from './definition.ts';

export const Log = defineEffect({
  type: 'LOG',
  summary: 'Writes a line to the plugin’s log, with the other effects of the answer or not at all. Keep PHI out of it.',
  writes: 'Nothing in the chart.',
  payload: closed({
    message: text(10_000),
    level: Type.Optional(choice(['debug', 'info', 'warn', 'error'], 'info unless given')),
  }),
  example: { message: 'Two abnormal values', level: 'info' },
  scopes: () => [],
  async apply({ message, level = 'info' }, _draft, request) {
    request.log(level, message);
    return [];
  },
});

// /api/logs: what plugins write to their logs.

import { Type } from 'typebox';
import { Decimal, limit, orNull, pageOf, PluginName, Time, Uuid } from './parameters.ts';
import { row } from './row.ts';

export const LogLine = Type.Object({
  id: Type.String(),
  at: Time,
  plugin: Type.String(),
  handler: orNull(Type.String()),
  execution: orNull(Uuid),
  level: Type.String(),
  message: Type.String(),
});

export const LogQuery = Type.Object(
  { after: Type.Optional(Decimal), limit: limit(100, 1_000) },
  { additionalProperties: false },
);

export const LOGS = {
  list: row({
    method: 'GET',
    path: '/api/logs',
    operation: 'logs.list',
    summary: 'What all plugins wrote to their logs, newest first',
    needs: 'admin',
    query: LogQuery,
    answer: { status: 200, description: 'A page of lines.', schema: pageOf(LogLine) },
  }),
  stream: row({
    method: 'GET',
    path: '/api/logs/stream',
    operation: 'logs.stream',
    summary: 'Log lines as they are written, as Server-Sent Events; resumes after Last-Event-ID (or `after`)',
    needs: 'admin',
    query: Type.Object(
      { plugin: Type.Optional(PluginName), after: Type.Optional(Decimal) },
      { additionalProperties: false },
    ),
    answer: {
      status: 200,
      description: 'One message a line; its id is the line’s.',
      type: 'text/event-stream',
      messages: LogLine,
    },
  }),
};

// Every route of /api, in one table. The server registers them, openapi.ts describes them.

import { Type } from 'typebox';
import { APPOINTMENT_ROUTES } from './api/appointments.ts';
import { ATTACHMENT_ROUTES } from './api/attachments.ts';
import { AUDIT_ROUTES } from './api/audit.ts';
import { CHART_ROUTES } from './api/charts.ts';
import { CHECK_ROUTES } from './api/checks.ts';
import { COMMAND_ROUTES } from './api/commands.ts';
import { DELIVERY_ROUTES } from './api/deliveries.ts';
import { EVENT_ROUTES } from './api/events.ts';
import { INBOX_ROUTES } from './api/inbox.ts';
import { MERGE_ROUTES } from './api/merges.ts';
import { MESSAGE_ROUTES } from './api/messages.ts';
import { NOTE_ROUTES } from './api/notes.ts';
import { OIDC_ROUTES } from './api/oidc.ts';
import { PATIENT_ROUTES } from './api/patients.ts';
import { PLUGIN_ROUTES } from './api/plugins.ts';
import { PRACTICE_ROUTES } from './api/practice.ts';
import { PRINTOUT_ROUTES } from './api/printouts.ts';
import { REPORT_ROUTES } from './api/reports.ts';
import { SCHEDULE_ROUTES } from './api/schedule.ts';
import { SESSION_ROUTES } from './api/session.ts';
import { TASK_ROUTES } from './api/tasks.ts';
import { TERM_ROUTES } from './api/terms.ts';
import { TOKEN_ROUTES } from './api/tokens.ts';
import { USER_ROUTES } from './api/users.ts';
import { VISIT_ROUTES } from './api/visits.ts';
import { openApi } from './openapi.ts';
import { type Route, route } from './route.ts';
import type { Services } from './services.ts';

/** What the API says of itself. */
const SELF_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/openapi.json',
    operation: 'openapi.get',
    summary: 'This description',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'OpenAPI 3.1.', schema: Type.Record(Type.String(), Type.Unknown()) },
    handle: async (_call, services) => openApi(routesFor(services)),
  }),
];

/** The routes that a server with these services has. */
export function routesFor(services: Pick<Services, 'commands'>): readonly Route[] {
  return [
    ...EVENT_ROUTES,
    ...PLUGIN_ROUTES,
    ...DELIVERY_ROUTES,
    ...SESSION_ROUTES,
    ...OIDC_ROUTES,
    ...USER_ROUTES,
    ...TOKEN_ROUTES,
    ...AUDIT_ROUTES,
    ...PRACTICE_ROUTES,
    ...NOTE_ROUTES,
    ...(services.commands ? COMMAND_ROUTES : []),
    ...CHART_ROUTES,
    ...PATIENT_ROUTES,
    ...MERGE_ROUTES,
    ...SCHEDULE_ROUTES,
    ...TASK_ROUTES,
    ...MESSAGE_ROUTES,
    ...REPORT_ROUTES,
    ...VISIT_ROUTES,
    ...APPOINTMENT_ROUTES,
    ...INBOX_ROUTES,
    ...ATTACHMENT_ROUTES,
    ...PRINTOUT_ROUTES,
    ...TERM_ROUTES,
    ...CHECK_ROUTES,
    ...SELF_ROUTES,
  ];
}

// Every route of /api: each row of the contract with its handler. The server registers them, and openapi.ts describes them.

import { type Contract, CONTRACT } from '@chartwire/client/internal/contract/index';
import { isRow, type Rows } from '@chartwire/client/internal/contract/row';
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
import { OUTGOING_ROUTES } from './api/outgoing.ts';
import { PATIENT_ROUTES } from './api/patients.ts';
import { LOG_ROUTES, PLUGIN_ROUTES } from './api/plugins.ts';
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
import { type Route, type RoutesOf, route } from './route.ts';
import type { Services } from './services.ts';

/** A row without a handler, or a handler without a row, doesn't compile. */
const ROUTES: RoutesOf<Contract> = {
  events: EVENT_ROUTES,
  plugins: PLUGIN_ROUTES,
  logs: LOG_ROUTES,
  deliveries: DELIVERY_ROUTES,
  outgoing: OUTGOING_ROUTES,
  session: SESSION_ROUTES,
  oidc: OIDC_ROUTES,
  users: USER_ROUTES,
  tokens: TOKEN_ROUTES,
  audit: AUDIT_ROUTES,
  practice: PRACTICE_ROUTES,
  notes: NOTE_ROUTES,
  commands: COMMAND_ROUTES,
  charts: CHART_ROUTES,
  patients: PATIENT_ROUTES,
  merges: MERGE_ROUTES,
  schedule: SCHEDULE_ROUTES,
  tasks: TASK_ROUTES,
  messages: MESSAGE_ROUTES,
  reports: REPORT_ROUTES,
  visits: VISIT_ROUTES,
  appointments: APPOINTMENT_ROUTES,
  inbox: INBOX_ROUTES,
  attachments: ATTACHMENT_ROUTES,
  printouts: PRINTOUT_ROUTES,
  terms: TERM_ROUTES,
  checks: CHECK_ROUTES,
  openapi: { get: route(CONTRACT.openapi.get, async (_call, services) => openApi(routesFor(services))) },
};

/** The routes of a server with these services. */
export function routesFor({ commands }: Pick<Services, 'commands'>): readonly Route[] {
  const { commands: ofCommands, ...others } = ROUTES;
  return routesIn(commands ? ROUTES : others);
}

function routesIn(routes: Rows): Route[] {
  return Object.values(routes).flatMap((one) => (isRow(one) ? [one as Route] : routesIn(one)));
}

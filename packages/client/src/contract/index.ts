// Every operation of /api by name. To add one, declare its row in the file of its area and its handler in server/api.

import { APPOINTMENTS } from './appointments.ts';
import { ATTACHMENTS } from './attachments.ts';
import { AUDIT } from './audit.ts';
import { CHARTS } from './charts.ts';
import { CHECKS } from './checks.ts';
import { COMMANDS } from './commands.ts';
import { DELIVERIES } from './deliveries.ts';
import { EVENTS } from './events.ts';
import { INBOX } from './inbox.ts';
import { LOGS } from './logs.ts';
import { MERGES } from './merges.ts';
import { MESSAGES } from './messages.ts';
import { NOTES } from './notes.ts';
import { OIDC } from './oidc.ts';
import { OPENAPI } from './openapi.ts';
import { OUTGOING } from './outgoing.ts';
import { PATIENTS } from './patients.ts';
import { PLUGINS } from './plugins.ts';
import { PRACTICE } from './practice.ts';
import { PRINTOUTS } from './printouts.ts';
import { REPORTS } from './reports.ts';
import { SCHEDULE } from './schedule.ts';
import { SESSION } from './session.ts';
import { TASKS } from './tasks.ts';
import { TERMS } from './terms.ts';
import { TOKENS } from './tokens.ts';
import { USERS } from './users.ts';
import { VISITS } from './visits.ts';

export const CONTRACT = {
  events: EVENTS,
  plugins: PLUGINS,
  logs: LOGS,
  deliveries: DELIVERIES,
  outgoing: OUTGOING,
  session: SESSION,
  oidc: OIDC,
  users: USERS,
  tokens: TOKENS,
  audit: AUDIT,
  practice: PRACTICE,
  notes: NOTES,
  commands: COMMANDS,
  charts: CHARTS,
  patients: PATIENTS,
  merges: MERGES,
  schedule: SCHEDULE,
  tasks: TASKS,
  messages: MESSAGES,
  reports: REPORTS,
  visits: VISITS,
  appointments: APPOINTMENTS,
  inbox: INBOX,
  attachments: ATTACHMENTS,
  printouts: PRINTOUTS,
  terms: TERMS,
  checks: CHECKS,
  openapi: OPENAPI,
};

export type Contract = typeof CONTRACT;

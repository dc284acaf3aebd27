// What the HTTP server needs of the floors below. app.ts puts it together.

import type { FastifyBaseLogger, FastifyPluginAsync } from 'fastify';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Deliveries } from '#delivery/deliveries.ts';
import type { EventLog } from '#delivery/event-log.ts';
import type { PluginLog } from '#delivery/plugin-log.ts';
import type { Plugins } from '#delivery/plugins.ts';
import type { CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import type { AuditTrail } from '#store/audit/trail.ts';
import type { PostgresStore } from '#store/postgres.ts';
import type { PatientWords } from '#store/patients.ts';
import type { PracticeSettings } from '#store/practice.ts';
import type { LoadedTerms } from '#terms/loaded.ts';
import type { Address } from './access/browser.ts';
import type { OnUnfit } from './answer-check.ts';
import type { KnownBrowsers } from './access/known-browsers.ts';
import type { Oidc } from './access/oidc.ts';
import type { OidcUsers } from './access/oidc-users.ts';
import type { Sessions } from './access/sessions.ts';
import type { SignIn } from './access/sign-in.ts';
import type { Tokens } from './access/tokens.ts';
import type { Users } from './access/users.ts';

export interface Services {
  readonly pool: Pool;
  readonly log: FastifyBaseLogger;
  readonly tokens: Tokens;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly browsers: KnownBrowsers;
  /** Where people reach this server: what links lead to. */
  readonly address: Address;
  /** Null where people sign in with passwords only. */
  readonly oidc: Oidc | null;
  readonly oidcUsers: OidcUsers;
  /** Addresses of the proxies in front that are believed when they say who is asking: `loopback`, `10.0.0.0/8,fc00::/7`. */
  readonly trustProxy?: string;
  /** The folder that the browser's chart was built into; without one there is a landing page. */
  readonly web?: string;
  /** The folder of the built documentation; without one it is not served. */
  readonly docs?: string;
  readonly audit: AuditTrail;
  /** Registered at `/fhir/R4`; asks `fhirAccess` who is there. */
  readonly fhir: FastifyPluginAsync;
  readonly events: Pick<EventLog, 'list' | 'get' | 'tree' | 'now' | 'subscribe' | 'emit'>;
  readonly plugins: Pick<
    Plugins,
    | 'install'
    | 'preview'
    | 'health'
    | 'list'
    | 'get'
    | 'remove'
    | 'enable'
    | 'disable'
    | 'variables'
    | 'setVariable'
    | 'deleteVariable'
    | 'executions'
    | 'logs'
  >;
  readonly pluginLog: Pick<PluginLog, 'now' | 'tail'>;
  readonly deliveries: Pick<Deliveries, 'list' | 'retry' | 'skip'>;
  /** The command types, as GET /api/commands lists them; without them there is no such route. */
  readonly commands?: readonly CommandKind[];
  /** What changes charts: the doors of notes and commands fill its drafts. */
  readonly chart: Chart;
  readonly practice: PracticeSettings;
  /** Commands, carried out. */
  readonly charting: Commands;
  readonly store: Pick<
    PostgresStore,
    'pool' | 'merges' | 'searching' | 'exclusively' | 'current' | 'currentAll' | 'version' | 'entries'
  >;
  /** The code systems. */
  readonly terms: LoadedTerms;
  /** What misspelt words of a search for a patient are looked for among. */
  readonly patientWords: PatientWords;
  /** Metrics of the floors below, shown with the server's own at /metrics. */
  readonly metrics?: Registry;
  /** Where it is given, every answer of /api is checked against its row: for tests. */
  readonly onUnfitAnswer?: OnUnfit;
  /** Rejects, with a sentence, while the server should be given no requests. The database is asked besides. */
  readonly ready?: () => Promise<void>;
}

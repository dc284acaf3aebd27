// What the HTTP server needs from the floors below. app.ts assembles it.

import type { FastifyBaseLogger, FastifyPluginAsync } from 'fastify';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Deliveries } from '#delivery/deliveries.ts';
import type { Requests } from '#delivery/outgoing/requests.ts';
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
  /** The public address of this server, used in links. */
  readonly address: Address;
  /** Null if people only sign in with passwords. */
  readonly oidc: Oidc | null;
  readonly oidcUsers: OidcUsers;
  /** Addresses of trusted proxies: `loopback`, `10.0.0.0/8,fc00::/7`. */
  readonly trustProxy?: string;
  /** The folder of the built web app. Without it there is a landing page. */
  readonly web?: string;
  /** The folder of the built documentation. Not served if absent. */
  readonly docs?: string;
  readonly audit: AuditTrail;
  /** Registered at `/fhir/R4`; uses `fhirAccess` for authentication. */
  readonly fhir: FastifyPluginAsync;
  readonly events: Pick<EventLog, 'list' | 'get' | 'tree' | 'now' | 'subscribe' | 'emit'>;
  readonly plugins: Pick<
    Plugins,
    | 'install'
    | 'preview'
    | 'health'
    | 'lags'
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
  readonly outgoing: Pick<Requests, 'list' | 'retry' | 'skip'>;
  /** The command types for GET /api/commands. Without them there is no such route. */
  readonly commands?: readonly CommandKind[];
  /** Changes charts; the handlers of notes and commands fill its drafts. */
  readonly chart: Chart;
  readonly practice: PracticeSettings;
  /** Carries out commands. */
  readonly charting: Commands;
  readonly store: Pick<
    PostgresStore,
    'pool' | 'merges' | 'searching' | 'exclusively' | 'current' | 'currentAll' | 'version' | 'entries'
  >;
  /** The code systems. */
  readonly terms: LoadedTerms;
  /** The words among which misspelled patient names are searched. */
  readonly patientWords: PatientWords;
  /** Metrics of the floors below, shown at /metrics with the server's own. */
  readonly metrics?: Registry;
  /** If set, every answer of /api is checked against its row: for tests. */
  readonly onUnfitAnswer?: OnUnfit;
  /** Rejects, with a sentence, while the server isn't ready for requests. The database is checked separately. */
  readonly ready?: () => Promise<void>;
}

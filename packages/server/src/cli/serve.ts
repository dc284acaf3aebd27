// chartwire serve: runs a server until it is stopped.

import { once } from 'node:events';
import { createServer, isIP } from 'node:net';
import { constants } from 'node:os';
import { relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import { SESSION_LIMITS } from '#server/access/sessions.ts';
import type { RetentionRule } from '#store/audit/retention.ts';
import { LEAST_YEARS } from '#store/audit/row.ts';
import { StartRefused } from '#store/embedded/start-refused.ts';
import { MigrationRefused } from '#store/migrate.ts';
import { tellServersToEnd } from '#store/embedded/running.ts';
import { SEARCH_BUDGET } from '#store/search/budget.ts';
import { isUnavailable } from '#store/unavailable.ts';
import type { App } from '../app.ts';
import { builtDocs, builtWeb } from './built-web.ts';
import { CliError } from './cli-error.ts';
import { DEFAULT_DATA, DEFAULT_URL, type ServerOptions } from './client.ts';
import { oidcSettings } from './oidc-settings.ts';
import { ownCommand } from './package-manager.ts';
import { examples, print, tell } from './print.ts';

interface Options extends ServerOptions {
  readonly port: number;
  readonly host: string;
  readonly demo: boolean;
  readonly logLevel: string;
  readonly allowPrivateHttp: readonly string[];
  readonly trustProxy?: string;
  readonly url?: string;
  readonly timeZone?: string;
  readonly sessionIdle: number;
  readonly sessionHours: number;
  readonly gateBudget: number;
  readonly searchSeconds: number;
  readonly longSearches?: number;
  readonly auditYears?: number;
  readonly auditArchive?: string;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'];

export function serve(): Command {
  return new Command('serve')
    .summary('run a server')
    .description(
      'Runs a server: the record, its FHIR and HTTP doors, the plugins, and the PostgreSQL that comes with it. ' +
        'DATABASE_URL names another PostgreSQL to use instead; CHARTWIRE_ADMIN_TOKEN the administrator’s token.',
    )
    .addOption(new Option('-p, --port <number>', 'port').env('PORT').default(8080).argParser(portOf))
    .addOption(new Option('--host <address>', 'address to listen at').env('CHARTWIRE_HOST').default('127.0.0.1'))
    .addOption(new Option('--no-demo', 'start empty (CHARTWIRE_DEMO=0): no demo patients, no example plugin'))
    .addOption(
      new Option('--log-level <level>', 'what goes to the standard error')
        .env('CHARTWIRE_LOG')
        .choices(LEVELS)
        .default(process.stderr.isTTY ? 'warn' : 'info'),
    )
    .addOption(
      new Option('--allow-private-http <host:port...>', 'private or plain-HTTP addresses that plugins may reach')
        .env('CHARTWIRE_ALLOW_PRIVATE_HTTP')
        .default([])
        .argParser((text: string, before: readonly string[] = []) => [
          ...before,
          ...text.split(/[\s,]+/).filter(Boolean),
        ]),
    )
    .addOption(
      new Option('--trust-proxy <addresses>', 'proxies in front that are believed: loopback, 10.0.0.0/8 ...')
        .env('CHARTWIRE_TRUST_PROXY')
        .argParser(addressesOf),
    )
    .addOption(
      new Option('--url <address>', 'where people reach it: https://chart.example.org; links lead there')
        .env('CHARTWIRE_URL')
        .argParser(originOf),
    )
    .addOption(
      new Option(
        '--time-zone <name>',
        'whose days the practice has until an administrator chooses: Europe/Rome; the system’s unless given',
      )
        .env('CHARTWIRE_TIME_ZONE')
        .argParser(timeZoneOf),
    )
    .addOption(
      new Option('--session-idle <minutes>', 'how long a session lasts that is not used')
        .env('CHARTWIRE_SESSION_IDLE')
        .default(SESSION_LIMITS.idle / MINUTE)
        .argParser(amountOf),
    )
    .addOption(
      new Option('--session-hours <hours>', 'how long a session lasts in any case')
        .env('CHARTWIRE_SESSION_HOURS')
        .default(SESSION_LIMITS.longest / HOUR)
        .argParser(amountOf),
    )
    .addOption(
      new Option('--gate-budget <milliseconds>', 'what plugins have together to check one operation, or one search')
        .env('CHARTWIRE_GATE_BUDGET')
        .default(300)
        .argParser(amountOf),
    )
    .addOption(
      new Option('--search-seconds <seconds>', 'how long one search may take')
        .env('CHARTWIRE_SEARCH_SECONDS')
        .default(SEARCH_BUDGET.longest / SECOND)
        .argParser(amountOf),
    )
    .addOption(
      new Option('--long-searches <number>', 'how many long searches run at once; half of the processors unless given')
        .env('CHARTWIRE_LONG_SEARCHES')
        .argParser(amountOf),
    )
    .addOption(
      new Option('--audit-years <years>', 'how long the audit trail is kept; forever if not given')
        .env('CHARTWIRE_AUDIT_YEARS')
        .argParser(yearsOf),
    )
    .addOption(
      new Option('--audit-archive <folder>', 'where rows of the audit trail are copied before they are removed').env(
        'CHARTWIRE_AUDIT_ARCHIVE',
      ),
    )
    .addHelpText(
      'after',
      examples('chartwire serve', 'chartwire --data /var/lib/chartwire serve --port 80 --host 0.0.0.0 --no-demo'),
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const dataFolder = options.data ?? process.env.CHARTWIRE_DATA ?? DEFAULT_DATA;
      const stopWanted = stopSignal();
      const app = await start(options, dataFolder);
      greet(app, dataFolder, options);
      await stopWanted;
      await app.close();
      tell('Stopped.');
    });
}

async function start(options: Options, dataFolder: string): Promise<App> {
  // Not at the top: the other verbs do without the whole server.
  const [{ startApp }, { serverLog }] = await Promise.all([import('../app.ts'), import('./server-log.ts')]);
  try {
    await tryPort(options);
    return await startApp({
      web: builtWeb(),
      docs: builtDocs(),
      port: options.port,
      host: options.host,
      dataFolder,
      databaseUrl: process.env.DATABASE_URL,
      adminToken: process.env.CHARTWIRE_ADMIN_TOKEN,
      demo: options.demo && process.env.CHARTWIRE_DEMO !== '0',
      log: serverLog(options.logLevel),
      allowPrivateHttp: options.allowPrivateHttp,
      trustProxy: options.trustProxy,
      origin: options.url,
      oidc: oidcSettings(process.env),
      timeZone: options.timeZone,
      gateBudget: options.gateBudget,
      searches: {
        longest: options.searchSeconds * SECOND,
        ...(options.longSearches !== undefined && { long: options.longSearches }),
      },
      auditRule: auditRuleOf(options),
      sessions: { idle: options.sessionIdle * MINUTE, longest: options.sessionHours * HOUR },
    });
  } catch (error) {
    throw sentenceFor(error, options, dataFolder) ?? error;
  }
}

/** Before anything is made in the data folder; the server itself listens last, when there is something to serve. */
async function tryPort({ port, host }: Options): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  await promisify(probe.close.bind(probe))();
}

/** What an operator can put right, in a sentence; undefined for a bug. */
function sentenceFor(error: unknown, { port, host }: Options, dataFolder: string): CliError | undefined {
  if (error instanceof StartRefused || error instanceof MigrationRefused) return new CliError(error.message);
  if (isUnavailable(error)) {
    const { message } = error as Error;
    return new CliError(
      `The database was lost while Chartwire started (${message}): see that it runs, and start again.`,
    );
  }
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new CliError(`Port ${port} is in use: stop what listens there, or choose another with --port.`);
    case 'EADDRNOTAVAIL':
      return new CliError(`${host} is not an address of this machine: choose another with --host.`);
    case 'EACCES':
      return (error as NodeJS.ErrnoException).syscall === 'listen'
        ? new CliError(`This user may not listen at port ${port}: choose one above 1023 with --port.`)
        : new CliError(`The data folder ${dataFolder} cannot be written by this user: choose another with --data.`);
    case 'EROFS':
    case 'EPERM':
    case 'ENOTDIR':
      return new CliError(`The data folder ${dataFolder} cannot be written: choose another with --data.`);
    case 'ENOENT':
      // What is not found elsewhere is a bug; that a folder cannot be made is the operator's to mend.
      return (error as NodeJS.ErrnoException).syscall === 'mkdir'
        ? new CliError(`The data folder ${dataFolder} cannot be made: choose another with --data.`)
        : undefined;
    case 'ENOSPC':
      return new CliError(`There is no space left for the data folder ${dataFolder}.`);
    default:
      return undefined;
  }
}

function greet(
  { url, adminTokenFile, trailUnprotected, welcome, demoLoaded }: App,
  dataFolder: string,
  { host, trustProxy, url: given }: Options,
): void {
  const file = adminTokenFile && shortest(adminTokenFile);
  const bearer = `-H "Authorization: Bearer ${file ? `$(cat ${file})` : '$CHARTWIRE_ADMIN_TOKEN'}"`;
  print(`Chartwire is at ${url}

${welcome ? `  Sign in      ${welcome.link}\n               (good once, to choose the password of ${welcome.login})\n` : ''}  Admin token  ${file ? `in ${file}` : 'as given in CHARTWIRE_ADMIN_TOKEN'}
  Data         in ${shortest(dataFolder)}${demoLoaded ? '; demo patients and the plugin abnormal-lab-task were put in' : ''}
  Docs         at ${url}/docs

Three commands to try:
  ${commandFor(url, dataFolder)} list
  curl -s ${bearer} "${url}/fhir/R4/Patient?_count=3"
  curl -sN ${bearer} ${url}/api/events/stream

Ctrl-C stops it.`);
  if (trailUnprotected !== null) {
    tell(
      `Nothing in the database protects the audit trail: ${trailUnprotected}. See ${url}/docs/operating.html#verify-it.`,
    );
  }
  if (!isLoopback(host)) {
    tell('Other machines can reach it, and it speaks plain HTTP: put a proxy with TLS in front.');
  }
  if (given === undefined && (trustProxy !== undefined || !isLoopback(host))) {
    tell(`Invitation links lead to ${url}: say with --url where people reach it.`);
  }
}

function isLoopback(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1'].includes(host);
}

/** How this server is reached from the same shell. */
function commandFor(url: string, dataFolder: string): string {
  return [
    ownCommand(),
    ...(url === DEFAULT_URL ? [] : [`--server ${url}`]),
    ...(dataFolder === DEFAULT_DATA ? [] : [`--data ${shortest(dataFolder)}`]),
  ].join(' ');
}

/** A path as one would type it from here. */
function shortest(path: string): string {
  const way = relative('.', path);
  return way.startsWith('..') ? resolve(path) : way || '.';
}

/**
 * Resolves at the first Ctrl-C, SIGTERM, or end of the terminal, even during startup; a later one doesn't wait. Within a second
 * it counts as the same: a signal to the whole process group reaches this process and the launcher, which passes it on, and that
 * must not cut the shutdown short.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let since: number | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      if (since !== undefined) {
        if (performance.now() - since <= SECOND) return;
        tellServersToEnd();
        process.exit(128 + constants.signals[signal]);
      }
      since = performance.now();
      tell('Stopping. Press Ctrl-C again to stop at once.');
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
    // A terminal that is gone takes no more words, which must not end the process before it has stopped.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  });
}

function amountOf(text: string): number {
  const amount = Number(text);
  if (/^\d{1,5}$/.test(text) && amount > 0) return amount;
  throw new InvalidArgumentError('A time is a whole number from 1 to 99999.');
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  if (bare && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw new InvalidArgumentError('Give an address without a path: https://chart.example.org.');
}

function timeZoneOf(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError('Give an IANA time zone: America/New_York.');
}

function yearsOf(text: string): number {
  const years = Number(text);
  if (/^\d{1,3}$/.test(text) && years >= LEAST_YEARS) return years;
  throw new InvalidArgumentError(`Give a whole number of years, at least ${LEAST_YEARS}.`);
}

function auditRuleOf({ auditYears: years, auditArchive: archive }: Options): RetentionRule | undefined {
  return years === undefined ? undefined : { years, ...(archive !== undefined && { archive }) };
}

function addressesOf(text: string): string {
  const wrong = text.split(',').find((one) => !isProxy(one.trim()));
  if (wrong === undefined) return text;
  throw new InvalidArgumentError(
    `Give loopback, linklocal, uniquelocal, or addresses with commas between, not ${wrong}.`,
  );
}

function isProxy(text: string): boolean {
  const [address = '', bits] = text.split('/');
  if (bits === undefined && ['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
  return bits === undefined ? most > 0 : /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

// chartwire doctor: makes every event happen on a scratch database, and says which did not reach a plugin.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Heard, hearEveryEvent } from '#demo/every-event/hear.ts';
import { EVENTS, type EventDefinition, type EventType } from '@chartwire/sdk/internal/events/catalogue';
import { GENERIC_KINDS } from '@chartwire/sdk/internal/records/index';
import { EXIT } from './cli-error.ts';
import { examples, jsonOption, print, printJson, printTable, tell } from './print.ts';

export function doctor(): Command {
  return new Command('doctor')
    .summary('make every event happen, and see it received')
    .description(
      'Starts a server of its own on a scratch database, makes every event of the catalogue happen at its public doors, ' +
        'and says which did not reach a plugin in the sandbox. It touches no other server and no other data: of the database ' +
        'that DATABASE_URL names it only asks whether the audit trail is protected. It takes ' +
        'a minute or two. It ends with 1 when an event was not received.',
    )
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire doctor', 'chartwire doctor --json'))
    .action(async ({ json }: { json?: boolean }) => {
      if (!json) tell('Making every event happen on a scratch database ...');
      const heard = await onScratch();
      const families = familiesOf(new Set(heard.missing));
      const trail = await trailOf(process.env.DATABASE_URL);
      if (json) printJson({ families, missing: heard.missing, refused: heard.refused, audit: trail });
      else report(families, heard, trail);
      if (heard.missing.length > 0) process.exitCode = EXIT.failed;
    });
}

/** Whether the database of DATABASE_URL protects the audit trail; it's only looked at. The embedded one does. */
async function trailOf(url: string | undefined): Promise<string> {
  if (!url) return 'protected';
  const [{ default: pg }, { protectionOf }] = await Promise.all([import('pg'), import('#store/audit/protection.ts')]);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { reason } = await protectionOf(client);
    return reason === null ? 'protected' : `not protected: ${reason}`;
  } catch {
    return 'unknown: DATABASE_URL names no database that a server of this version was started on';
  } finally {
    await client.end().catch(() => {});
  }
}

interface Family {
  readonly family: string;
  readonly events: number;
  readonly received: number;
  readonly missing: readonly EventType[];
}

async function onScratch(): Promise<Heard> {
  // Not at the top: the other verbs do without the whole server.
  const { startApp } = await import('../app.ts');
  const dataFolder = await mkdtemp(join(tmpdir(), 'chartwire-doctor-'));
  const token = randomUUID();
  try {
    return await hearEveryEvent(async (place) => {
      const app = await startApp({
        port: 0,
        host: '127.0.0.1',
        dataFolder,
        adminToken: token,
        demo: false,
        allowPrivateHttp: [place],
      });
      return { url: app.url, token, close: () => app.close() };
    });
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

function familiesOf(missing: ReadonlySet<EventType>): Family[] {
  const families = Map.groupBy(EVENTS, familyOf);
  return Array.from(families, ([family, events]) => {
    const lost = events.map(({ type }) => type).filter((type) => missing.has(type));
    return { family, events: events.length, received: events.length - lost.length, missing: lost };
  });
}

function familyOf({ origin }: EventDefinition): string {
  switch (origin.of) {
    case 'record':
      return GENERIC_KINDS.includes(origin.record) ? 'Other R4 types' : origin.record.label;
    case 'command':
      return origin.command ? `${origin.command.label} command` : 'Any command';
    case 'field':
      return `${origin.command.label} command`;
    case 'platform':
      return 'Notes and the clock';
  }
}

function report(families: readonly Family[], { missing, refused }: Heard, trail: string): void {
  printTable(
    ['FAMILY', 'EVENTS', 'RECEIVED', 'NOT RECEIVED'],
    families.map(({ family, events, received, missing: lost }) => [
      family,
      String(events),
      String(received),
      lost.join(', '),
    ]),
    '',
  );
  for (const { step, message } of refused) tell(`${step}: ${message}`);
  const total = families.reduce((sum, { events }) => sum + events, 0);
  print(
    missing.length === 0
      ? `All ${total} event types were received.`
      : `${missing.length} of ${total} event types were not received.`,
  );
  print(`The audit trail is ${trail}.`);
}

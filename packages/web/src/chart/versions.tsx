// How a record became what it is: its versions, what each changed, and who made them.

import type { ResourceType, Resource } from '@medplum/fhirtypes';
import type { Static } from 'typebox';
import { literalOf } from '@chartwire/sdk/internal/kit/json/literals';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Event } from '@chartwire/client/internal/contract/event';
import { api } from '../api/client.ts';
import { useApi, useHistory } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Loaded } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';

type Told = Static<typeof Event>;

/** The latest that are shown; one more is read, to say what changed in the last of them. */
const MOST = 50;

export function Versions({ type, id }: { readonly type: string; readonly id: string }) {
  const hears = { types: [type], id };
  const history = useHistory(type as ResourceType, id, { _count: MOST + 1 }, { hears });
  // Who: the log knows. Without it the versions are still shown.
  const events = useApi(
    api.events.list,
    { query: { target: `${type}/${id}`, order: 'desc', limit: 2 * MOST } },
    { hears },
  );
  return (
    <Loaded from={history}>
      {({ entry = [] }) => (
        <>
          <ol className="flex flex-col gap-2">
            {entry.slice(0, MOST).map(({ resource, response, request }, index) => {
              const version = Number(/\d+/.exec(response?.etag ?? '')?.[0] ?? entry.length - index);
              const by = events.data?.items.find(({ target }) => target.version === version);
              return (
                <li key={version} className="text-sm">
                  <p className="flex flex-wrap items-baseline gap-x-2">
                    <span className="text-ink-3 tabular">{version}</span>
                    <span>
                      {request?.method === 'DELETE' ? 'deleted' : changes(resource, entry[index + 1]?.resource)}
                    </span>
                  </p>
                  <p className="flex flex-wrap items-center gap-x-2 pl-4 text-ink-3 text-xs">
                    {by && <By event={by} />}
                    {response?.lastModified && <Ago time={response.lastModified} />}
                  </p>
                </li>
              );
            })}
          </ol>
          {entry.length > MOST && (
            <p className="mt-2 text-ink-3 text-xs">
              Older versions are not shown here.{' '}
              <a
                href={api.fhir.path(type as ResourceType, id, '_history')}
                target="_blank"
                rel="noreferrer"
                className="underline"
              >
                View all as FHIR
              </a>
            </p>
          )}
        </>
      )}
    </Loaded>
  );
}

/** The door it came through. */
const DOOR: Readonly<Partial<Record<Told['source'], string>>> = {
  fhir: 'through the FHIR API',
  hl7: 'by HL7 message',
  cli: 'from the command line',
  clock: 'by the clock',
};

function By({ event: { actor, source, cause } }: { readonly event: Told }) {
  if (cause) return <Badge tone="plugin">{cause.plugin}</Badge>;
  return <span>{[actor.display ?? actor.id, DOOR[source]].filter(Boolean).join(', ')}</span>;
}

/** The elements that are others than in the version before. */
function changes(after: Resource | undefined, before: Resource | undefined): string {
  if (!before) return 'written';
  const [now, was] = [members(after), members(before)];
  const names = [...new Set([...now.keys(), ...was.keys()])].filter((name) => now.get(name) !== was.get(name));
  return names.length === 0 ? 'saved without changes' : `changed ${names.join(', ')}`;
}

function members(record: Resource | undefined): ReadonlyMap<string, string> {
  const { meta: _, ...rest } = record ?? {};
  return new Map(Object.entries(rest).map(([name, value]) => [name, literalOf(rest, name) ?? printJson(value)]));
}

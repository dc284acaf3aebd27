// One plugin: what it is and how it fares, what its handlers did, what they wrote, its variables, and what was given up.

import { Pause, Play, Puzzle, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';
import { api } from '../api/client.ts';
import { queries, useApi } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Executions } from './executions.tsx';
import { Overview } from './overview.tsx';
import { PluginLog } from './plugin-log.tsx';
import { PluginState } from './plugin-state.tsx';
import { Requests } from './requests.tsx';
import { type Health, type Plugin, WATCH_MS } from './shapes.ts';
import { type Switch, SwitchDialog } from './switch-dialog.tsx';
import { Variables } from './variables.tsx';

export default function PluginPage() {
  const { name = '' } = useParams();
  const plugin = useApi(api.plugins.get, { params: { name } }, { every: WATCH_MS });
  const health = useApi(api.plugins.health, { params: { name } }, { every: WATCH_MS });
  useFollowed(name, health.data);
  const [asking, setAsking] = useState<Switch | null>(null);
  return (
    <Page
      title={name}
      about={
        plugin.data && (
          <span className="inline-flex items-center gap-2">
            {plugin.data.version} <PluginState plugin={plugin.data} />
          </span>
        )
      }
      actions={
        plugin.data && (
          <>
            {plugin.data.state === 'live' ? (
              <Button icon={Pause} onClick={() => setAsking('disable')}>
                Disable
              </Button>
            ) : (
              <Button icon={Play} look="primary" onClick={() => setAsking('enable')}>
                Enable
              </Button>
            )}
            <Button icon={Trash2} look="danger" onClick={() => setAsking('uninstall')}>
              Uninstall
            </Button>
          </>
        )
      }
    >
      {plugin.error?.code === 'plugin.not-found' ? (
        <NotInstalled name={name} />
      ) : (
        <Loaded from={plugin} skeleton={<Skeleton lines={8} />}>
          {(one) => <Parts plugin={one} health={health.data} />}
        </Loaded>
      )}
      {asking && (
        <SwitchDialog
          name={name}
          what={asking}
          pending={health.data && waitingIn(health.data)}
          requests={health.data?.requests.pending ?? 0}
          backlog={plugin.data?.backlog ?? null}
          onClose={() => setAsking(null)}
        />
      )}
    </Page>
  );
}

/** It was taken out, or never was there. */
function NotInstalled({ name }: { readonly name: string }) {
  return (
    <Empty
      icon={Puzzle}
      title={`${name} isn’t installed.`}
      action={
        <Link href="/plugins" className="inline-flex min-h-6 items-center text-accent-text text-sm hover:underline">
          See installed plugins
        </Link>
      }
    >
      What a plugin did stays in the log and the charts, even after it’s uninstalled.
    </Empty>
  );
}

/** What its runs and letters are is read again when their numbers are others than before. */
function useFollowed(name: string, health: Health | undefined): void {
  const seen =
    health &&
    [
      health.runs.day.completed,
      health.runs.day.failed,
      ...Object.values(health.queue),
      ...Object.values(health.requests),
    ].join(' ');
  useEffect(() => {
    if (seen === undefined) return;
    void queries.invalidateQueries({ queryKey: [api.plugins.executions.path({ params: { name } })] });
    void queries.invalidateQueries({ queryKey: [api.deliveries.list.path()] });
    void queries.invalidateQueries({ queryKey: [api.outgoing.list.path()] });
  }, [name, seen]);
}

function Parts({ plugin, health }: { readonly plugin: Plugin; readonly health: Health | undefined }) {
  const [params, setParams] = useSearchParams();
  const { name, reason, variables } = plugin;
  const dead = health?.queue.dead ?? 0;
  const failed = health?.requests.dead ?? 0;
  return (
    <div className="flex h-full flex-col bg-surface">
      {reason && <p className="border-line border-b bg-warn-soft px-5 py-2 text-sm text-warn-text">{reason}</p>}
      <Tabs
        label={name}
        value={params.get('tab') ?? 'overview'}
        onChange={(tab) => setParams(tab === 'overview' ? {} : { tab }, { replace: true })}
        tabs={[
          { key: 'overview', label: 'Overview', content: <Overview plugin={plugin} health={health} /> },
          { key: 'executions', label: 'Executions', content: <Executions plugin={plugin} /> },
          { key: 'log', label: 'Log', content: <PluginLog name={name} /> },
          { key: 'variables', label: tabText('Variables', variables.length), content: <Variables name={name} /> },
          {
            key: 'dead',
            label: <>Dead letters {dead > 0 && <Badge tone="danger">{dead}</Badge>}</>,
            content: <DeadLetters key="dead" name={name} state="dead" />,
          },
          {
            key: 'requests',
            label: <>Requests {failed > 0 && <Badge tone="danger">{failed}</Badge>}</>,
            content: <Requests name={name} />,
          },
          {
            key: 'skipped',
            label: tabText('Skipped', health?.queue.skipped ?? 0),
            content: <DeadLetters key="skipped" name={name} state="skipped" />,
          },
        ]}
      />
    </div>
  );
}

/** Events that it is still to be given. */
function waitingIn({ queue: { pending, waiting, behind } }: Health): number {
  return pending + waiting + behind;
}

function tabText(label: string, count: number) {
  return (
    <>
      {label} {count > 0 && <span className="font-normal text-ink-3 text-xs">{count}</span>}
    </>
  );
}

// The installed plugins: which version, whether they run well, what they may do; and a place to drop a package on.

import { PackagePlus, Puzzle } from 'lucide-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useWide } from '../chart/wide.ts';
import { msText } from '../events/event-words.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Page } from '../ui/page.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { type Column, focusRowInPlace, Table } from '../ui/table.tsx';
import { Ago } from '../ui/time.tsx';
import { BuiltInChecks } from './built-in-checks.tsx';
import { InstallDialog } from './install-dialog.tsx';
import { PluginState, Troubles } from './plugin-state.tsx';
import { type Health, type Plugin, WATCH_MS } from './shapes.ts';
import type { CameFrom } from './switch-dialog.tsx';

const COLUMNS: readonly Column<Plugin>[] = [
  {
    key: 'name',
    label: 'Plugin',
    cell: ({ name, version, description }) => (
      <>
        <span className="font-medium text-plugin-text">{name}</span>{' '}
        <span className="text-ink-3 text-xs tabular">{version}</span>
        <span className="block text-ink-3 text-xs">{description}</span>
      </>
    ),
  },
  {
    key: 'state',
    label: 'State',
    width: '14rem',
    cell: (plugin) => (
      <span className="flex flex-wrap gap-1">
        <PluginState plugin={plugin} />
        <HealthOf name={plugin.name}>{(health) => <Troubles health={health} />}</HealthOf>
      </span>
    ),
  },
  {
    key: 'runs',
    label: 'Last day',
    width: '9rem',
    cell: ({ name }) => <HealthOf name={name}>{(health) => <Day health={health} />}</HealthOf>,
  },
  {
    key: 'may',
    label: 'Permissions',
    width: '16rem',
    cell: ({ scopes, network }) => (
      <span className="text-ink-2 text-xs">
        {scopes.length + network.length === 0 && <span className="text-ink-3">none</span>}
        {scopes.map((scope) => (
          <span key={scope} className="mr-2 inline-block font-mono text-2xs">
            {scope}
          </span>
        ))}
        {network.map((host) => (
          <span key={host} className="mr-2 inline-block font-mono text-2xs text-warn-text">
            {host}
          </span>
        ))}
      </span>
    ),
  },
  { key: 'since', label: 'Changed', width: '8rem', cell: ({ updatedAt }) => <Ago time={updatedAt} /> },
];

/** Where there is little room: what else there is to know is on the plugin’s own page. */
const FIRST_COLUMNS = COLUMNS.filter(({ key }) => ['name', 'state', 'runs'].includes(key));

export default function PluginsPage() {
  const wide = useWide();
  const plugins = useApi(api.plugins.list, {}, { every: WATCH_MS });
  useGoOn(plugins.data?.items);
  const [, go] = useLocation();
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const pick = (): void => picker.current?.click();
  useShortcut({ keys: 'c', label: 'Install a plugin', group: 'Plugins' }, pick);
  const drag = (event: DragEvent, inside: boolean): void => {
    event.preventDefault();
    setOver(inside);
  };
  const install = (
    <Button look="primary" icon={PackagePlus} onClick={pick}>
      Install a plugin
    </Button>
  );
  return (
    <Page title="Plugins" about="Programs that respond to events" actions={install}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is the pointer's way, the button everybody's */}
      <div
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={(event) => {
          drag(event, false);
          setFile(event.dataTransfer.files[0] ?? null);
        }}
        className={classes(
          'relative min-h-full bg-surface',
          over && 'outline-2 outline-accent outline-dashed -outline-offset-4',
        )}
      >
        <input
          ref={picker}
          type="file"
          accept=".tgz,.gz,application/gzip"
          aria-label="Package of a plugin"
          className="hidden"
          onChange={({ target }) => {
            setFile(target.files?.[0] ?? null);
            target.value = '';
          }}
        />
        <Loaded from={plugins}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon={Puzzle} title="No plugin is installed." action={install}>
                A plugin responds to events with effects: a task when a report is abnormal, a warning before a
                prescription. Drop a package (.tgz) here, as{' '}
                <code className="font-mono text-xs">tar czf my-plugin.tgz my-plugin</code> makes one.
              </Empty>
            ) : (
              <>
                <Table
                  label="Installed plugins"
                  columns={wide ? COLUMNS : FIRST_COLUMNS}
                  rows={items}
                  keyOf={({ name }) => name}
                  onOpen={({ name }) => go(`/plugins/${name}`)}
                />
                <p className="px-5 py-4 text-ink-3 text-xs">Drop a package (.tgz) here to install or upgrade one.</p>
              </>
            )
          }
        </Loaded>
        <BuiltInChecks />
      </div>
      {file && <InstallDialog file={file} onClose={() => setFile(null)} />}
    </Page>
  );
}

/** After one was uninstalled, the keys go on at the one in its place: once the list is without it. */
function useGoOn(items: readonly Plugin[] | undefined): void {
  const { uninstalled } = useHistoryState<CameFrom | null>() ?? {};
  const done = useRef(false);
  useEffect(() => {
    if (done.current || !uninstalled || !items || items.some(({ name }) => name === uninstalled)) return;
    done.current = true;
    focusRowInPlace(items.findIndex(({ name }) => name > uninstalled));
  }, [items, uninstalled]);
}

function HealthOf({ name, children }: { readonly name: string; readonly children: (health: Health) => ReactNode }) {
  const { data } = useApi(api.plugins.health, { params: { name } }, { every: WATCH_MS });
  return data ? children(data) : null;
}

function Day({
  health: {
    runs: { day },
  },
}: {
  readonly health: Health;
}) {
  const all = day.completed + day.failed;
  if (all === 0) return <span className="text-ink-3">no run</span>;
  return (
    <span className="tabular">
      {all} {all === 1 ? 'run' : 'runs'}
      {day.failed > 0 && <span className="text-danger-text">, {day.failed} failed</span>}
      {day.p95 !== null && <span className="block text-ink-3 text-xs">95 % within {msText(day.p95)}</span>}
    </span>
  );
}

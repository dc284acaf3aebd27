// What a plugin's handlers did, newest first; each opens with all that there is to know of it.

import { Cpu } from 'lucide-react';
import { useSearchParams } from 'wouter';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { eventText, msText } from '../events/event-words.ts';
import { RunPanel } from '../events/run-panel.tsx';
import { RunState } from '../events/run-words.tsx';
import type { Execution } from '../events/shapes.ts';
import { Badge } from '../ui/badge.tsx';
import { Select } from '../ui/field.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { exactText } from '../ui/time.tsx';
import type { Plugin } from './shapes.ts';
import { oneOf } from '../one-of.ts';

const COLUMNS: readonly Column<Execution>[] = [
  {
    key: 'at',
    label: 'When',
    width: '12rem',
    cell: ({ startedAt }) => (
      <time dateTime={startedAt} className="whitespace-nowrap">
        {exactText(startedAt)}
      </time>
    ),
  },
  { key: 'handler', label: 'Handler', cell: ({ handler }) => <span className="text-plugin-text">{handler}</span> },
  { key: 'event', label: 'Answered', cell: ({ input }) => input && eventText(input.type) },
  {
    key: 'outcome',
    label: 'Outcome',
    cell: ({ state, error, attempt }) => (
      <>
        <RunState state={state} />
        {attempt > 1 && <span className="ml-1.5 text-ink-3 text-xs">attempt {attempt}</span>}
        {error && <span className="block max-w-96 truncate text-danger-text text-xs">{error.message}</span>}
      </>
    ),
  },
  { key: 'effects', label: 'Asked for', width: '11rem', cell: ({ effects }) => <EffectCounts effects={effects} /> },
  { key: 'ms', label: 'Took', width: '6rem', align: 'right', cell: ({ ms }) => msText(ms) },
];

export function Executions({ plugin }: { readonly plugin: Plugin }) {
  const { name } = plugin;
  const [params, setParams] = useSearchParams();
  const state = oneOf(['completed', 'failed'], params.get('state'));
  const [handler, open] = [params.get('handler') ?? '', params.get('run')];
  const runs = usePages(api.plugins.executions, { params: { name }, query: { state, handler, limit: 100 } });
  const choose = (key: string, value: string): void =>
    setParams(
      (before) => {
        if (value) before.set(key, value);
        else before.delete(key);
        return before;
      },
      { replace: true },
    );
  // Also that of an earlier version, whose runs are kept.
  const handlers = [...new Set([...plugin.handlers.map((one) => one.name), ...(handler ? [handler] : [])])].sort();
  const opened = runs.data?.find(({ id }) => id === open);
  return (
    <>
      <div className="flex gap-2 px-5 py-2">
        <div className="w-40">
          <Select aria-label="State" value={state} onChange={({ target }) => choose('state', target.value)}>
            <option value="">All runs</option>
            <option value="completed">Completed</option>
            <option value="failed">Failed</option>
          </Select>
        </div>
        <div className="w-56">
          <Select aria-label="Handler" value={handler} onChange={({ target }) => choose('handler', target.value)}>
            <option value="">All handlers</option>
            {handlers.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        </div>
      </div>
      <Loaded from={runs}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={Cpu} title="No runs found.">
              Each run of a handler is kept here, with what it read, its effects and its log.
            </Empty>
          ) : (
            <>
              <Table
                label="Executions"
                columns={COLUMNS}
                rows={items}
                keyOf={({ id }) => id}
                onOpen={({ id }) => choose('run', id)}
                selected={open ?? undefined}
              />
              <More of={runs} />
            </>
          )
        }
      </Loaded>
      {opened && <RunPanel run={opened} onClose={() => choose('run', '')} />}
    </>
  );
}

function EffectCounts({ effects }: Pick<Execution, 'effects'>) {
  const refused = effects.filter(({ outcome }) => outcome === 'refused').length;
  if (effects.length === 0) return <span className="text-ink-3">nothing</span>;
  return (
    <>
      {effects.length === 1 ? 'one effect' : `${effects.length} effects`}{' '}
      {refused > 0 && <Badge tone="danger">{refused} refused</Badge>}
    </>
  );
}

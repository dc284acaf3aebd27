// What a plugin writes to its log: what is there, and each line as it is written.

import { ScrollText } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../api/client.ts';
import { queries, usePages } from '../api/queries.ts';
import { LogLines } from '../events/log-lines.tsx';
import { Select } from '../ui/field.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import type { LogLine } from './shapes.ts';

/** Lines heard that are kept; earlier ones are had again by reading the log. */
const KEPT = 1_000;
/** Each level with those above it. */
const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error'];

export function PluginLog({ name }: { readonly name: string }) {
  const read = usePages(api.plugins.logs, { params: { name }, query: { limit: 200 } });
  const heard = useHeard(name);
  const [level, setLevel] = useState('debug');
  const loud = LEVELS.slice(LEVELS.indexOf(level));
  return (
    <>
      <div className="flex items-center gap-3 px-5 py-2">
        <div className="w-44">
          <Select aria-label="Level" value={level} onChange={({ target }) => setLevel(target.value)}>
            <option value="debug">Every level</option>
            <option value="info">Info and above</option>
            <option value="warn">Warnings and errors</option>
            <option value="error">Errors</option>
          </Select>
        </div>
        <p className="text-ink-3 text-xs">Newest on top, as they are written.</p>
      </div>
      <Loaded from={read}>
        {(before) => {
          const lines = [...new Map([...heard, ...before].map((line) => [line.id, line])).values()];
          if (lines.length === 0)
            return (
              <Empty icon={ScrollText} title="No log lines yet.">
                A handler writes with <code className="font-mono text-xs">this.log.info()</code>. Lines appear here as
                they are written.
              </Empty>
            );
          return (
            <div className="px-5 pb-4">
              <LogLines lines={lines.filter((line) => loud.includes(line.level))} />
              <More of={read} />
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

/** Lines written while one looks, newest first. */
function useHeard(plugin: string): readonly LogLine[] {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  useEffect(() => {
    const source = new EventSource(api.logs.stream.path({ query: { plugin } }));
    // What was written before the line was there is in no stream.
    source.onopen = () =>
      void queries.invalidateQueries({ queryKey: [api.plugins.logs.path({ params: { name: plugin } })] });
    source.onmessage = ({ data }: MessageEvent<string>) =>
      setLines((before) => [api.logs.stream.message(data), ...before].slice(0, KEPT));
    return () => source.close();
  }, [plugin]);
  return lines;
}

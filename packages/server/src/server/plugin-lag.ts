// How far each plugin is behind the log, as metrics. Every node says the same: it is asked of the database.

import { Gauge, type Registry } from 'prom-client';
import { within } from './patience.ts';
import type { Services } from './services.ts';

/** Milliseconds for the database to answer. */
const PATIENCE = 2_000;

const GAUGES = {
  events: ['chartwire_plugin_lag_events', 'Events that are still to be delivered to a plugin.'],
  seconds: [
    'chartwire_plugin_lag_seconds',
    'Seconds since the oldest event that is still to be delivered to a plugin.',
  ],
} as const;

/** Without values while the database does not answer. */
export function measureLag(plugins: Pick<Services['plugins'], 'lags'>, registry: Registry): void {
  let asked: ReturnType<typeof plugins.lags> | undefined;
  /** Once for both. */
  const lags = () => {
    asked ??= within(PATIENCE, plugins.lags()).finally(() => {
      asked = undefined;
    });
    return asked;
  };
  for (const [what, [name, help]] of Object.entries(GAUGES) as [keyof typeof GAUGES, readonly [string, string]][]) {
    new Gauge({
      name,
      help,
      labelNames: ['plugin'] as const,
      registers: [registry],
      async collect() {
        const found = await lags().catch(() => new Map<string, never>());
        this.reset();
        for (const [plugin, lag] of found) this.set({ plugin }, lag[what]);
      },
    });
  }
}

// Watches how far log readers are behind: as a metric, and in the log once per incident, with the transaction that blocks them.

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import type { OpenTransaction } from '#store/watermark.ts';
import { within } from './patience.ts';

type Log = Pick<FastifyBaseLogger, 'warn'>;

export interface Watermark {
  /** Seconds. */
  hiddenFor(): Promise<number>;
  oldestTransaction(): Promise<OpenTransaction | undefined>;
}

/** Seconds after which it is logged. */
const LIMIT = 10;
const LOOK_MS = 5_000;
/** Milliseconds for the database to answer. */
const PATIENCE = 2_000;

export function watchWatermark(
  server: FastifyInstance,
  { watermark, registry, log }: { watermark: Watermark; registry: Registry; log: Log },
): void {
  new Gauge({
    name: 'chartwire_log_watermark_age_seconds',
    help: 'How long the oldest event that readers of the log cannot see yet has waited; NaN when the database does not say.',
    registers: [registry],
    async collect() {
      this.set(await within(PATIENCE, watermark.hiddenFor()).catch(() => Number.NaN));
    },
  });
  const look = alarm(watermark, log);
  // If the database doesn't answer, the next check asks again; its outage is reported elsewhere.
  const timer = setInterval(() => void look().catch(() => {}), LOOK_MS);
  timer.unref();
  server.addHook('onClose', async () => clearInterval(timer));
}

/** A check that warns when readers fall behind, and again only after they have caught up. */
export function alarm(watermark: Watermark, log: Log): () => Promise<void> {
  let told = false;
  return async () => {
    const seconds = await within(PATIENCE, watermark.hiddenFor());
    if (seconds <= LIMIT) {
      told = false;
      return;
    }
    if (told) return;
    told = true;
    const transaction = (await within(PATIENCE, watermark.oldestTransaction()).catch(() => undefined)) ?? null;
    log.warn({ seconds: Math.round(seconds), transaction }, 'events are waiting for a transaction that was left open');
  };
}

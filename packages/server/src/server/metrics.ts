// The server's metrics for Prometheus. Routes appear as patterns, so that no patient's id becomes a label.

import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Listener } from './endings.ts';

export function serverMetrics(openStreams: () => number): { registry: Registry; count: Listener } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'chartwire_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer; status 499: the client closed the connection before.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'chartwire_http_event_streams',
    help: 'Open Server-Sent Event streams.',
    registers: [registry],
    collect() {
      this.set(openStreams());
    },
  });
  const count: Listener = (request, { status, ms }) => {
    duration.observe({ method: request.method, route: request.routeOptions.url ?? 'unknown', status }, ms / 1000);
  };
  return { registry, count };
}

// Examples of events as a handler in the sandbox is given them, taken from what test/catalogue/received.test.ts makes
// happen. Ids and times are replaced by steady ones, so that an example changes only when what it shows does.

import { readFileSync, writeFileSync } from 'node:fs';
import type { Received } from '#demo/every-event/recorder.ts';

/** One event: `type`, `target`, `source` and `context`. */
export interface EventExample {
  readonly type: string;
  readonly target: unknown;
  readonly source: string;
  readonly context: unknown;
}

const FILE = new URL('./event-examples.jsonl', import.meta.url);

/** Kept beside this file, one a line: types to their examples. */
export function keptExamples(): ReadonlyMap<string, EventExample> {
  const lines = readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line) as EventExample).map((example) => [example.type, example]));
}

export function keepExamples(examples: ReadonlyMap<string, EventExample>): void {
  const sorted = [...examples.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  writeFileSync(FILE, `${sorted.map((example) => JSON.stringify(example)).join('\n')}\n`);
}

/** The first event of each type, of those that every check had time for; made steady. */
export function examplesOf(received: readonly Received[], began: number): Map<string, EventExample> {
  const examples = new Map<string, EventExample>();
  // Ids sort by time; the order of arrival depends on the machine.
  for (const { type, target, source, whole } of received.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!whole || examples.has(type) || hasUncheckedGate(whole)) continue;
    examples.set(type, steady({ type, target, source, context: whole }, began));
  }
  return examples;
}

function hasUncheckedGate({ checks }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(checks) && checks.some(({ outcome }) => outcome !== 'passed');
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;
const NOW = '2026-01-15T09:30:00.000Z';
const MINUTE_MS = 60_000;

/** Every id becomes one that counts up within the example; times and days since `began` become one of both. */
function steady(example: EventExample, began: number): EventExample {
  const ids = new Map<string, string>();
  const idOf = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `01936e80-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`);
    return ids.get(id)!;
  };
  const now = Date.now();
  const today = new Set([began, now].map((time) => new Date(time).toISOString().slice(0, 10)));
  const text = JSON.stringify(example, (key, value) => {
    if (key === 'ms') return 1;
    if (typeof value !== 'string') return value;
    if (today.has(value)) return NOW.slice(0, 10);
    const isNow = TIME.test(value) && Date.parse(value) > began - 2 * MINUTE_MS && Date.parse(value) <= now + MINUTE_MS;
    return isNow ? NOW : value.replaceAll(UUID, idOf);
  });
  return JSON.parse(text) as EventExample;
}

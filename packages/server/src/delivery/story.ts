// An event's story: what was asked before it, what happened with it, who was told and what they did, and both ways
// along the causes: up to where it began, and down to all that came of it.

import type { Check } from '#chart/draft.ts';
import type { StoredEvent } from '#store/contract.ts';
import { ancestorsOf, descendantsOf, eventsBy, eventsOfUnit, writePosition } from '#store/log.ts';
import type { Reader } from '#store/snapshot.ts';
import { type DeliveryView, deliveriesOf } from './deliveries.ts';
import { type EventView, servedView } from './event-view.ts';
import { type ExecutionView, executionsNamed, executionsOf } from './executions.ts';
import { NOT_OWN } from './subscriptions.ts';

/** An event without its context. */
export type BriefEvent = Omit<EventView, 'context'>;

/** What a gate said, with its run where it was run. */
export type AskedGate = Check & { readonly run: ExecutionView | null };

export interface EventStory {
  readonly event: EventView;
  /** The gates that the operation went through, as each of the events of its unit of work tells. */
  readonly gates: readonly AskedGate[];
  /** The other events of the same unit of work: committed with this one, or not at all. */
  readonly together: readonly BriefEvent[];
  /** What led to it: from the first event to the one that caused it. */
  readonly ancestors: readonly BriefEvent[];
  readonly deliveries: readonly DeliveryView[];
  /** Handlers that are not given it, since it is their own effect. */
  readonly passedOver: readonly { readonly plugin: string; readonly handler: string }[];
  readonly executions: readonly ExecutionView[];
  /** Events that the effects of its executions led to. */
  readonly caused: readonly EventView[];
}

export async function storyOf(reader: Reader, id: string): Promise<EventStory | undefined> {
  const [event] = await eventsBy(reader, 'id', [id]);
  if (!event) return undefined;
  const unit = await eventsOfUnit(reader, event);
  const checks = distinct(unit.flatMap(checksOf));
  const runs = await executionsNamed(
    reader,
    checks.flatMap(({ execution }) => execution ?? []),
  );
  const above = await ancestorsOf(reader, event);
  return {
    event: itemOf(event),
    gates: checks.map((check) => ({ ...check, run: runs.find((run) => run.id === check.execution) ?? null })),
    together: unit.filter((other) => other.id !== event.id).map(briefOf),
    ancestors: above.map(briefOf),
    deliveries: await deliveriesOf(reader, [event]),
    passedOver: await passedOver(reader, event),
    executions: await executionsOf(reader, [id]),
    caused: (await eventsBy(reader, 'cause', [id])).map(itemOf),
  };
}

/** Of active handlers that respond to its type. */
async function passedOver(reader: Reader, { id, at, type }: StoredEvent): Promise<EventStory['passedOver']> {
  const { rows } = await reader.query<{ plugin: string; handler: string }>(
    `SELECT s.plugin, s.handler FROM event e JOIN subscription s ON $3 = ANY (s.types)
      WHERE e.id = $1 AND e.at = $2 AND s.active AND NOT ${NOT_OWN}`,
    [id, at, type],
  );
  return rows;
}

/** A run of a handler, in a tree. */
export type BriefExecution = Pick<
  ExecutionView,
  'id' | 'plugin' | 'handler' | 'attempt' | 'state' | 'startedAt' | 'ms' | 'error'
> & { readonly effects: readonly Omit<ExecutionView['effects'][number], 'payload'>[] };

export interface EventNode {
  readonly event: BriefEvent;
  readonly checks: readonly Check[];
  readonly executions: readonly BriefExecution[];
  readonly deliveries: readonly DeliveryView[];
}

/** All that came of the event in which it began; a node's parent is the event of its cause. */
export interface EventTree {
  readonly root: string;
  /** In the order of the log: an event comes after its cause. */
  readonly nodes: readonly EventNode[];
  /** There is more than is shown. */
  readonly truncated: boolean;
}

/** Events in one tree. */
const MOST_NODES = 300;

export async function treeOf(reader: Reader, id: string): Promise<EventTree | undefined> {
  const [event] = await eventsBy(reader, 'id', [id]);
  if (!event) return undefined;
  const [root = event] = await ancestorsOf(reader, event);
  const found = await descendantsOf(reader, root.id, MOST_NODES + 1);
  const events = await eventsBy(reader, 'id', found.slice(0, MOST_NODES));
  const executions = await executionsOf(
    reader,
    events.map((one) => one.id),
  );
  const deliveries = await deliveriesOf(reader, events);
  const nodes = events.map((one) => ({
    event: briefOf(one),
    checks: checksOf(one),
    executions: executions.filter((execution) => execution.event === one.id).map(briefExecution),
    deliveries: deliveries.filter((delivery) => delivery.event === one.id),
  }));
  return { root: root.id, nodes, truncated: found.length > MOST_NODES };
}

export function itemOf(event: StoredEvent): EventView {
  return { ...servedView(event), cursor: writePosition(event.position) };
}

function briefOf(event: StoredEvent): BriefEvent {
  const { context, ...brief } = itemOf(event);
  return brief;
}

function briefExecution(execution: ExecutionView): BriefExecution {
  const { id, plugin, handler, attempt, state, startedAt, ms, error } = execution;
  const effects = execution.effects.map(({ payload, ...effect }) => effect);
  return { id, plugin, handler, attempt, state, startedAt, ms, error, effects };
}

/** What gates said is in the event of the change that they let pass. */
function checksOf({ detail }: StoredEvent): Check[] {
  return Array.isArray(detail.checks) ? (detail.checks as Check[]) : [];
}

/** The generic event and the command's own tell the same checks. */
function distinct(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map((check) => [JSON.stringify(check), check])).values()];
}

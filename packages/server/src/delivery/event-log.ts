// The event log as people and other systems read it: listed, told as a story, streamed, and emitted to by hand.

import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isFhirId } from '@chartwire/sdk/internal/kit/ids';
import type { Position, StoredEvent } from '#store/contract.ts';
import {
  BEGINNING,
  endOfLog,
  eventsBy,
  isBefore,
  isWanted,
  type LogFilter,
  newestEvents,
  readLog,
  readPosition,
  writePosition,
} from '#store/log.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { inSnapshot, type Reader } from '#store/snapshot.ts';
import { byHand } from './by-hand.ts';
import type { EventView } from './event-view.ts';
import { type EventStory, type EventTree, itemOf, storyOf, treeOf } from './story.ts';
import { type Feed, Tail } from './tail.ts';

export interface EventQuery {
  readonly type?: string;
  readonly patient?: string;
  /** `id`, or `Type/id`. */
  readonly target?: string;
  /** The door it came through. */
  readonly source?: string;
  readonly after?: string;
  readonly order?: 'asc' | 'desc';
  readonly limit: number;
  /** Whose budget of searches it is of; nobody's unless given. */
  readonly caller?: string;
}

/** Milliseconds for which a transaction that is ending, of any database of the server, is waited for; between looks, at most. */
const HORIZON_WAIT_MS = 30_000;
const LOOK_MS = 100;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export class EventLog {
  readonly #store: PostgresStore;
  readonly #chart: Chart;
  readonly #tail: Tail<Position, Logged, LogFilter>;

  constructor(store: PostgresStore, chart: Chart) {
    this.#store = store;
    this.#chart = chart;
    this.#tail = new Tail(feedOf(store));
  }

  /** In the order of the log after a cursor, or newest first. `next` is null at the end. */
  async list(query: EventQuery): Promise<{ items: EventView[]; next: string | null }> {
    const after = query.after === undefined ? undefined : positionOf(query.after);
    const filter = filterOf(query);
    const reader = query.caller === undefined ? this.#store.pool : this.#store.searching(query.caller);
    const found =
      query.order === 'desc'
        ? await newestEvents(reader, after, query.limit, filter)
        : await this.#after(reader, after ?? BEGINNING, query.limit, filter);
    const items = found.map(itemOf);
    return { items, next: items.length === query.limit ? items.at(-1)!.cursor : null };
  }

  /**
   * The next events. What was committed a moment ago may still lie at the horizon, behind a transaction that is ending:
   * it is waited for, so that a caller finds the event of its own write.
   */
  async #after(reader: Reader, after: Position, limit: number, filter: LogFilter): Promise<readonly StoredEvent[]> {
    const end = Date.now() + HORIZON_WAIT_MS;
    let wanted: Position | undefined;
    for (let wait = 5; ; wait = Math.min(2 * wait, LOOK_MS)) {
      const page = await readLog(reader, after, limit, filter);
      // What others commit meanwhile is not waited for.
      wanted ??= page.ahead;
      const there = wanted === undefined || isBefore(wanted, page.readTo);
      if (there || page.events.length === limit || Date.now() > end) return page.events;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async get(id: string): Promise<EventStory | undefined> {
    if (!UUID.test(id)) return undefined;
    // A delivery is done in the same moment as its effects are there: a story never has one without the other.
    return inSnapshot(this.#store.pool, (reader) => storyOf(reader, id));
  }

  /** The whole tree that an event is in. */
  async tree(id: string): Promise<EventTree | undefined> {
    return UUID.test(id) ? inSnapshot(this.#store.pool, (reader) => treeOf(reader, id)) : undefined;
  }

  /** The cursor after which all is to come. */
  async now(): Promise<string> {
    return writePosition(await endOfLog(this.#store.pool));
  }

  /** Gives events as they are committed, after a cursor; the same object to all who get it. Returns how to stop. */
  subscribe(
    after: string,
    onEvent: (event: EventView) => void,
    filter: Pick<EventQuery, 'type' | 'patient' | 'target' | 'source'> = {},
  ): () => void {
    return this.#tail.follow(positionOf(after), filterOf(filter), ({ view }) => onEvent(view));
  }

  /** An event by hand. Nothing changes in any chart. */
  async emit(event: DraftEvent, origin: Origin): Promise<EventView> {
    const definition = eventByType(event.type);
    if (!definition) throw new Refusal('event.unknown', { type: event.type });
    if (!isFhirId(event.target.id) || (event.patient != null && !isFhirId(event.patient))) {
      throw new Refusal('request.invalid', { reason: 'target and patient are FHIR ids' });
    }
    const emit = await byHand(definition, event, this.#chart.reader(origin));
    const { written } = await this.#chart.withChart(origin, async () => {}, { emit: [emit] });
    const [stored] = await eventsBy(this.#store.pool, 'id', [written.events[0]!.id]);
    return itemOf(stored!);
  }
}

/** An event as it is streamed. */
interface Logged {
  readonly position: Position;
  readonly view: EventView;
}

/** For what other nodes commit, and for what was not yet below the horizon when it was committed here. */
const POLL_MS = 250;
/** Events read at once. */
const PAGE = 200;

function feedOf(store: PostgresStore): Feed<Position, Logged, LogFilter> {
  return {
    now: () => endOfLog(store.pool),
    async read(after, filter) {
      const { events, readTo, full } = await readLog(store.pool, after, PAGE, filter);
      return { items: events.map((event) => ({ position: event.position, view: itemOf(event) })), readTo, full };
    },
    placeOf: ({ position }) => position,
    isBefore,
    matches: ({ view }, filter) => isWanted(view, filter),
    onWake: (wake) => store.onCommit(wake),
    pollMs: POLL_MS,
  };
}

function filterOf({
  type,
  patient,
  target,
  source,
}: Pick<EventQuery, 'type' | 'patient' | 'target' | 'source'>): LogFilter {
  const types = type?.split(',').filter(Boolean);
  const unknown = types?.find((name) => !eventByType(name));
  if (unknown) throw new Refusal('event.unknown', { type: unknown });
  return {
    ...(types ? { types } : {}),
    ...(patient ? { patient } : {}),
    ...(target ? { target } : {}),
    ...(source ? { source } : {}),
  };
}

function positionOf(cursor: string): Position {
  const position = readPosition(cursor);
  if (!position) throw new Refusal('request.invalid', { reason: 'the cursor is not one that this server gave' });
  return position;
}

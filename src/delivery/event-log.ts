// The event log as people and other systems read it: listed, told as a story, streamed, and emitted to by hand.

import type { Chart, EmittedEvent, Origin } from '#chart/contract.ts';
import { eventByType } from '#events/catalogue.ts';
import { Refusal } from '#kit/errors.ts';
import { isFhirId } from '#kit/ids.ts';
import type { Position, StoredEvent } from '#store/contract.ts';
import {
  BEGINNING,
  endOfLog,
  eventsBy,
  isBefore,
  type LogFilter,
  newestEvents,
  readLog,
  readPosition,
  writePosition,
} from '#store/log.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { inSnapshot } from '#store/snapshot.ts';
import { byHand } from './by-hand.ts';
import type { EventView } from './event-view.ts';
import { type EventStory, type EventTree, itemOf, storyOf, treeOf } from './story.ts';

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
}

/** Milliseconds for which a transaction that is ending, of any database of the server, is waited for; between looks, at most. */
const HORIZON_WAIT_MS = 30_000;
const LOOK_MS = 100;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export class EventLog {
  readonly #store: PostgresStore;
  readonly #chart: Chart;

  constructor(store: PostgresStore, chart: Chart) {
    this.#store = store;
    this.#chart = chart;
  }

  /** In the order of the log after a cursor, or newest first. `next` is null at the end. */
  async list(query: EventQuery): Promise<{ items: EventView[]; next: string | null }> {
    const after = query.after === undefined ? undefined : positionOf(query.after);
    const filter = filterOf(query);
    const found =
      query.order === 'desc'
        ? await newestEvents(this.#store.pool, after, query.limit, filter)
        : await this.#after(after ?? BEGINNING, query.limit, filter);
    const items = found.map(itemOf);
    return { items, next: items.length === query.limit ? items.at(-1)!.cursor : null };
  }

  /**
   * The next events. What was committed a moment ago may still lie at the horizon, behind a transaction that is ending:
   * it is waited for, so that a caller finds the event of its own write.
   */
  async #after(after: Position, limit: number, filter: LogFilter): Promise<readonly StoredEvent[]> {
    const end = Date.now() + HORIZON_WAIT_MS;
    let wanted: Position | undefined;
    for (let wait = 5; ; wait = Math.min(2 * wait, LOOK_MS)) {
      const page = await readLog(this.#store.pool, after, limit, filter);
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

  /**
   * Gives events as they are committed, after a cursor. Reads only as fast as `onEvents` resolves, so a slow listener is
   * not ahead of itself. Returns how to stop.
   */
  subscribe(
    after: string,
    onEvents: (events: EventView[]) => void | Promise<void>,
    filter: Pick<EventQuery, 'type' | 'patient' | 'target' | 'source'> = {},
  ): () => void {
    const tail = new Tail(this.#store, positionOf(after), filterOf(filter), onEvents);
    tail.start();
    return () => tail.stop();
  }

  /** An event by hand. Nothing changes in any chart. */
  async emit(event: EmittedEvent, origin: Origin): Promise<EventView> {
    const definition = eventByType(event.type);
    if (!definition) throw new Refusal('event.unknown', { type: event.type });
    if (!isFhirId(event.target.id) || (event.patient != null && !isFhirId(event.patient))) {
      throw new Refusal('request.invalid', { reason: 'target and patient are FHIR ids' });
    }
    const emit = await byHand(definition, event, this.#chart);
    const { written } = await this.#chart.withChart(origin, async () => {}, { emit: [emit] });
    const [stored] = await eventsBy(this.#store.pool, 'id', [written.events[0]!.id]);
    return itemOf(stored!);
  }
}

/** Follows the log's end. */
class Tail {
  readonly #store: PostgresStore;
  readonly #filter: LogFilter;
  readonly #onEvents: (events: EventView[]) => void | Promise<void>;
  #position: Position;
  #reading = false;
  #dirty = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => {};

  constructor(
    store: PostgresStore,
    from: Position,
    filter: LogFilter,
    onEvents: (events: EventView[]) => void | Promise<void>,
  ) {
    this.#store = store;
    this.#position = from;
    this.#filter = filter;
    this.#onEvents = onEvents;
  }

  start(): void {
    this.#stopListening = this.#store.onCommit(() => void this.#read());
    this.#timer = setInterval(() => void this.#read(), 250);
    this.#timer.unref();
    void this.#read();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    if (this.#reading || this.#stopped) {
      this.#dirty = true;
      return;
    }
    this.#reading = true;
    try {
      let more = true;
      while (more && !this.#stopped) {
        this.#dirty = false;
        const page = await readLog(this.#store.pool, this.#position, 200, this.#filter);
        if (page.events.length > 0 && !this.#stopped) await this.#onEvents(page.events.map(itemOf));
        this.#position = page.readTo;
        more = page.full || this.#dirty;
      }
    } catch {
      // The database is away, or the listener gave up; the timer tries again.
    } finally {
      this.#reading = false;
    }
  }
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

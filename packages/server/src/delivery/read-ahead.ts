// How much of the log is held in memory before it is delivered: so many events and so many bytes of one subscription, and so
// many bytes of all at this node. One that holds nothing may always read: none waits for the others.

import type { StoredEvent } from '#store/contract.ts';

/** Events of one subscription, at most and at least while there are more. */
const MOST_EVENTS = 512;
const FEW_EVENTS = 128;
/** Bytes of their records, about. */
const MOST_BYTES = 4_000_000;
const FEW_BYTES = 2_000_000;
const MOST_BYTES_OF_NODE = 32_000_000;
/** Bytes and events of one page; the first is read before it is known how large they are. */
const PAGE_BYTES = 1_000_000;
const FIRST_PAGE = 32;
const SMALLEST_PAGE = 4;

/** Events of one part, and their bytes, about: what comes after them in the part is left in the log, so that others are read. */
const MOST_OF_PART = 32;
const MOST_BYTES_OF_PART = 500_000;
/** With fewer events than this the rest of a part is read. */
const FEW_OF_PART = 8;

/** Whether no more of a part is held. One event always is. */
export function isPartFull(queue: readonly StoredEvent[]): boolean {
  return queue.length >= MOST_OF_PART || bytesOf(queue) >= MOST_BYTES_OF_PART;
}

/** Whether it is time to read on in a part. */
export function isPartLow(queue: readonly StoredEvent[]): boolean {
  return queue.length < FEW_OF_PART && bytesOf(queue) < MOST_BYTES_OF_PART / 2;
}

/** Of one node: shared by its subscriptions. */
export interface NodeReadAhead {
  bytes: number;
}

export class ReadAhead {
  readonly #node: NodeReadAhead;
  #events = 0;
  #bytes = 0;
  /** Events in the next page. */
  page = FIRST_PAGE;

  constructor(node: NodeReadAhead) {
    this.#node = node;
  }

  /** Whether there is room for another page. */
  get hasRoom(): boolean {
    if (this.#events === 0) return true;
    return this.#events < MOST_EVENTS && this.#bytes < MOST_BYTES && this.#node.bytes < MOST_BYTES_OF_NODE;
  }

  /** Whether it is time to read on. */
  get isLow(): boolean {
    return this.#events < FEW_EVENTS && this.#bytes < FEW_BYTES && this.hasRoom;
  }

  /** Events in the next page of one part. */
  get pageOfPart(): number {
    return Math.min(this.page, MOST_OF_PART - FEW_OF_PART);
  }

  /** Takes in how large the events of a page are. */
  measure(events: readonly StoredEvent[]): void {
    if (events.length === 0) return;
    const bytes = bytesOf(events) / events.length;
    this.page = Math.round(Math.min(Math.max(PAGE_BYTES / bytes, SMALLEST_PAGE), MOST_EVENTS / 2));
  }

  add(event: StoredEvent): void {
    this.#count(1, sizeOf(event));
  }

  remove(event: StoredEvent): void {
    this.#count(-1, -sizeOf(event));
  }

  #count(events: number, bytes: number): void {
    this.#events += events;
    this.#bytes += bytes;
    this.#node.bytes += bytes;
  }
}

function bytesOf(events: readonly StoredEvent[]): number {
  return events.reduce((sum, event) => sum + sizeOf(event), 0);
}

/** Of the event itself, about, and of the texts of its record, most of which are of one byte a letter. */
function sizeOf({ texts: { after, before } }: StoredEvent): number {
  return 1_000 + (after?.length ?? 0) + (before?.length ?? 0);
}

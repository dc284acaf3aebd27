// Live updates as Server-Sent Events: resumable by the last id, with back-pressure for slow readers and a clean end.
// https://html.spec.whatwg.org/multipage/server-sent-events.html

import { Readable } from 'node:stream';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';

/** The source of a stream's messages. */
export interface Source {
  /** The current id: every later message comes after it. */
  now(): Promise<string>;
  /**
   * Calls `send` with each message after the id `after`, in order, until the returned function is called. A message for many
   * streams is one object with one id, and is serialized once.
   */
  open(after: string, send: (id: string, data: object) => void): () => void;
}

export interface StreamOptions {
  readonly source: Pick<Source, 'open'>;
  readonly after: string;
  /** Milliseconds between heartbeats. */
  readonly heartbeat?: number;
  /** Milliseconds for which a reader may leave a full buffer unread. */
  readonly patience?: number;
}

/** Bytes buffered for a slow reader. */
const BUFFER = 256 * 1024;
/** Milliseconds until a browser reconnects. */
const RETRY = 2_000;

const written = new WeakMap<object, Buffer>();

function messageOf(id: string, data: object): Buffer {
  const before = written.get(data);
  if (before) return before;
  const message = Buffer.from(`id: ${id}\ndata: ${printJson(data)}\n\n`);
  written.set(data, message);
  return message;
}

/**
 * If the buffer is full, the source is closed and reopened after the last id once the reader has caught up. A slow reader costs
 * only its buffer and misses nothing. One that doesn't read at all is disconnected.
 */
export class EventStream extends Readable {
  readonly #options: StreamOptions;
  readonly #beat: NodeJS.Timeout;
  #close: (() => void) | undefined;
  #last: string;
  #heldSince: number | undefined;
  #ended = false;

  constructor(options: StreamOptions) {
    super({ highWaterMark: BUFFER });
    this.#options = options;
    this.#last = options.after;
    this.push(`retry: ${RETRY}\n\n`);
    // Before the timer: a source may refuse, and then there is no stream.
    this.#open();
    this.#beat = setInterval(() => this.#heartbeat(), options.heartbeat ?? 15_000);
  }

  /** Ends the stream after sending its buffer. */
  end(): void {
    if (this.#ended || this.destroyed) return;
    this.#ended = true;
    this.#stop();
    this.push(null);
  }

  override _read(): void {
    if (this.#heldSince === undefined || this.#ended) return;
    this.#heldSince = undefined;
    this.#open();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#stop();
    callback(error);
  }

  #open(): void {
    let closed = false;
    const close = this.#options.source.open(this.#last, (id, data) => {
      if (closed) return;
      this.#last = id;
      if (this.push(messageOf(id, data))) return;
      closed = true;
      this.#hold();
    });
    this.#close = () => {
      closed = true;
      close();
    };
    // A source may send, and so be paused, before `open` returns.
    if (this.#heldSince !== undefined) this.#hold();
  }

  #hold(): void {
    this.#heldSince ??= Date.now();
    this.#close?.();
    this.#close = undefined;
  }

  #heartbeat(): void {
    if (this.#heldSince !== undefined) {
      if (Date.now() - this.#heldSince > (this.#options.patience ?? 30_000)) this.destroy();
      return;
    }
    if (this.destroyed || this.#ended) return;
    this.push(': still here\n\n');
  }

  /** Sends a message before it ends, since a reader can't see a status any more and would reconnect. */
  turnAway(): void {
    if (!this.destroyed && !this.#ended) this.push('event: ended\ndata: {}\n\n');
    this.end();
  }

  #stop(): void {
    clearInterval(this.#beat);
    this.#close?.();
    this.#close = undefined;
  }
}

// What happens while one looks: the server's stream of events, heard once for all tabs of a browser where that can be had
// (a browser opens few connections to one host), and by each tab for itself where not.

import { useSyncExternalStore } from 'react';
import type { Static } from 'typebox';
import type { Event } from '@chartwire/client/internal/contract/event';
import { api } from './client.ts';
import { sessionEnd } from './session-end.ts';

/** An event as the stream tells it. */
export type Heard = Static<typeof Event>;

export type Line = 'connecting' | 'live' | 'away';

const CHANNEL = 'chartwire.event-texts';
/** Milliseconds in which events are gathered before queries are read again. */
const GATHER_MS = 60;
/** Milliseconds before the stream is asked for again, at first and at most: each time twice as long. */
const AGAIN_MS = 1_000;
const AGAIN_MOST_MS = 30_000;

type Listener = (events: readonly Heard[]) => void;

class Live {
  readonly #listeners = new Set<Listener>();
  readonly #watchers = new Set<() => void>();
  #line: Line = 'connecting';
  #gathered: Heard[] = [];
  #timer = 0;
  /** Of what was heard last, by whichever tab: whoever leads next goes on from there. */
  #last = '';
  #stop: (() => void) | undefined;

  get line(): Line {
    return this.#line;
  }

  /** Called with what was gathered, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Hears what happens after a cursor of the log. */
  start(after: string): () => void {
    this.#stop?.();
    this.#last = after;
    const ended = new AbortController();
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<{ line?: Line; event?: string }>) => {
      if (data.line) this.#show(data.line);
      if (data.event !== undefined) this.#take(data.event);
    };
    const lead = (): Promise<void> =>
      new Promise((resolve) => {
        this.#open(channel, ended.signal);
        ended.signal.addEventListener('abort', () => resolve());
      });
    // Locks are there in secure contexts only.
    if (navigator.locks) void navigator.locks.request(CHANNEL, { signal: ended.signal }, lead).catch(() => {});
    else void lead();
    this.#stop = () => {
      ended.abort();
      channel.close();
      window.clearTimeout(this.#timer);
      this.#timer = 0;
      this.#gathered = [];
    };
    return this.#stop;
  }

  /** Opens the stream where it was left; again and again while the server is away, ever more seldom. */
  #open(channel: BroadcastChannel, ended: AbortSignal, failures = 0): void {
    if (ended.aborted) return;
    const source = new EventSource(api.events.stream.path({ query: { after: this.#last } }));
    const tell = (line: Line): void => {
      this.#show(line);
      if (!ended.aborted) channel.postMessage({ line });
    };
    const stop = (): void => source.close();
    ended.addEventListener('abort', stop);
    let failed = failures;
    source.onopen = () => {
      failed = 0;
      tell('live');
    };
    // Not left to the browser, which comes back every two seconds for ever. An error does not say which: whether the session
    // is over is asked, once, and then nobody comes back.
    source.onerror = () => {
      stop();
      ended.removeEventListener('abort', stop);
      tell('away');
      void sessionEnd.asked().then(() => this.#again(() => this.#open(channel, ended, failed + 1), failed, ended));
    };
    source.addEventListener('ended', () => void sessionEnd.asked());
    source.onmessage = ({ data }: MessageEvent<string>) => {
      channel.postMessage({ event: data });
      this.#take(data);
    };
  }

  /** After a while, not at the same moment as all other browsers; at once when the network is back. */
  #again(open: () => void, failures: number, ended: AbortSignal): void {
    if (ended.aborted) return;
    const longest = Math.min(AGAIN_MS * 2 ** failures, AGAIN_MOST_MS);
    const done = new AbortController();
    const stop = (): void => {
      window.clearTimeout(timer);
      done.abort();
    };
    const now = (): void => {
      stop();
      open();
    };
    const timer = window.setTimeout(now, longest * (0.5 + Math.random() / 2));
    window.addEventListener('online', now, { signal: done.signal });
    ended.addEventListener('abort', stop, { signal: done.signal });
  }

  /** An event as its text: a copy from tab to tab would not have how its numbers are written. */
  #take(text: string): void {
    const event = api.events.stream.message(text);
    // A tab that does not lead learns from the first event that the line is there.
    if (this.#line !== 'live') this.#show('live');
    this.#last = event.cursor;
    this.#gathered.push(event);
    if (this.#timer === 0) this.#timer = window.setTimeout(() => this.#hand(), GATHER_MS);
  }

  #hand(): void {
    const events = this.#gathered;
    this.#gathered = [];
    this.#timer = 0;
    for (const listener of this.#listeners) listener(events);
  }

  #show(line: Line): void {
    if (this.#line === line) return;
    this.#line = line;
    for (const watcher of this.#watchers) watcher();
  }
}

export const live = new Live();

/** Whether this browser hears what happens. */
export function useLine(): Line {
  return useSyncExternalStore(
    (watcher) => live.watch(watcher),
    () => live.line,
  );
}

// Records the patients of a live stream's messages before passing them on. Messages that arrive meanwhile are recorded together.

import type { Source } from './sse.ts';

interface Message {
  readonly id: string;
  readonly data: object;
}

export interface Recording {
  /** Rejects if it can't be recorded; then nothing is passed on. */
  record(messages: readonly object[]): Promise<void>;
  /** Milliseconds until the next attempt. */
  readonly pause?: number;
}

/** Messages that may wait to be recorded. Beyond that the source is closed, and reopened once they are passed on. */
const MOST_WAITING = 500;

export function recorded(source: Source, recording: Recording): Source {
  return {
    now: () => source.now(),
    open(after, send) {
      const passing = new Passing(source, recording, after, send);
      passing.open();
      return () => passing.stop();
    },
  };
}

class Passing {
  readonly #source: Source;
  readonly #recording: Recording;
  readonly #send: (id: string, data: object) => void;
  /** The id of the last message passed on. */
  #last: string;
  #waiting: Message[] = [];
  #busy = false;
  #stopped = false;
  #close: (() => void) | undefined;

  constructor(source: Source, recording: Recording, after: string, send: (id: string, data: object) => void) {
    this.#source = source;
    this.#recording = recording;
    this.#last = after;
    this.#send = send;
  }

  open(): void {
    let isOpen = true;
    const close = this.#source.open(this.#last, (id, data) => {
      if (!isOpen) return;
      this.#waiting.push({ id, data });
      if (this.#waiting.length > MOST_WAITING) this.#hold();
      if (!this.#busy) void this.#passOn();
    });
    this.#close = () => {
      isOpen = false;
      close();
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#hold();
  }

  #hold(): void {
    this.#close?.();
    this.#close = undefined;
  }

  async #passOn(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0 && !this.#stopped) {
      const messages = this.#waiting.splice(0);
      try {
        await this.#recording.record(messages.map(({ data }) => data));
      } catch {
        // Resumes from the same place after a pause.
        this.#hold();
        this.#waiting = [];
        await pause(this.#recording.pause ?? 1_000);
        break;
      }
      for (const { id, data } of messages) {
        if (this.#stopped) return;
        this.#last = id;
        this.#send(id, data);
      }
    }
    this.#busy = false;
    if (!this.#close && !this.#stopped) this.open();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

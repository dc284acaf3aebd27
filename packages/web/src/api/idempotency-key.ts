// Keys that make it safe to send a request again.

import { useRef } from 'react';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';

/** A new one. `crypto.randomUUID` exists in secure contexts only, and a practice may use plain HTTP in its own network. */
export function newIdempotencyKey(): string {
  return uuidv7(Date.now(), (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
}

interface RepeatKey {
  /** The same for what is sent again after no answer came, so that it is carried out once; another for anything else. */
  of(body: unknown): string;
  /** An answer came: what is sent next is not a repeat. */
  spend(): void;
}

export function useRepeatKey(): RepeatKey {
  const sent = useRef<{ readonly text: string; readonly key: string } | null>(null);
  return {
    of: (body) => {
      const text = printJson(body);
      if (sent.current?.text !== text) sent.current = { text, key: newIdempotencyKey() };
      return sent.current.key;
    },
    spend: () => {
      sent.current = null;
    },
  };
}

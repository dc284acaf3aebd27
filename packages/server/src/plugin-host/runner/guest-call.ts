// One call inside the isolate: its pending requests, its remaining allowance, and its end.

import { plantLiterals } from '@chartwire/sdk/internal/kit/json/literal-tree';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Excess, FromGuest, LoadOptions, LogLevel, ToGuest } from '../protocol.ts';
import { describe, show } from './errors.ts';
import { sentPayload } from './request.ts';

/** Messages of the loader that the runner hasn't taken yet. */
export interface Outbox {
  add(text: string): void;
}

export type GuestLimits = Omit<LoadOptions['guest'], 'now'>;

type Pending = Pick<PromiseWithResolvers<unknown>, 'resolve' | 'reject'>;

export class GuestCall {
  readonly id: number;
  /** Time and seed for `Date` and `Math.random` during its steps. */
  readonly now: number;
  seed: number;
  /** Seed for `crypto`, and its progress. */
  readonly randomness: { readonly key: string; state?: unknown };
  ended = false;
  // Not private (`#`): handlers never get this object, and without a compiler each `#` costs time.
  private readonly outbox: Outbox;
  private readonly limits: GuestLimits;
  private readonly onEnd: (call: GuestCall) => void;
  private readonly secrets: readonly string[];
  private readonly asks: (Pending | undefined)[] = [];
  private logLines = 0;
  private logBytes = 0;

  constructor(
    message: ToGuest & { type: 'call' },
    loader: { outbox: Outbox; limits: GuestLimits; onEnd: (call: GuestCall) => void },
  ) {
    this.id = message.call;
    this.now = message.now;
    this.seed = message.seed;
    this.randomness = { key: message.key };
    this.secrets = message.secrets;
    this.outbox = loader.outbox;
    this.limits = loader.limits;
    this.onEnd = loader.onEnd;
    if (message.literals) plantLiterals(message.event, message.literals);
  }

  /** Sends a request to the host. `size` is the length of its texts. Throws at once if a limit is reached. */
  ask(request: object, size: number): Promise<unknown> {
    if (this.ended) throw new Error('This call has ended.');
    const { hostCalls, requestBytes } = this.limits;
    if (this.asks.length >= hostCalls) {
      this.exceed('host calls');
      throw new Error(`A handler may ask the host ${hostCalls} times.`);
    }
    const text = size > requestBytes ? '' : JSON.stringify(request);
    if (size > requestBytes || text.length > 2 * requestBytes) {
      this.exceed('bytes in one request');
      throw new Error(`A request may hold ${requestBytes} bytes.`);
    }
    const pending = Promise.withResolvers();
    const ask = this.asks.push(pending) - 1;
    this.outbox.add(`{"type":"ask","call":${this.id},"ask":${ask},"request":${text}}`);
    return pending.promise;
  }

  settle(message: ToGuest & { type: 'answer' | 'refusal' }): void {
    const pending = this.asks[message.ask];
    this.asks[message.ask] = undefined;
    if (message.type === 'answer') {
      if (message.literals) plantLiterals(message.value, message.literals);
      pending?.resolve(message.value);
    } else pending?.reject(Object.assign(new Error(message.message), { name: 'Refusal', code: message.code }));
  }

  log(level: LogLevel, message: unknown): void {
    if (this.ended || this.logLines > this.limits.logLines) return;
    let text = typeof message === 'string' ? message : show(message);
    this.logLines += 1;
    this.logBytes += text.length;
    if (this.logLines > this.limits.logLines || this.logBytes > this.limits.logBytes) {
      this.logLines = this.limits.logLines + 1;
      text = 'The rest of the log of this call was dropped: it is too long.';
    }
    this.say({ type: 'log', call: this.id, level, message: text });
  }

  finish(value: unknown): void {
    try {
      const effects = effectTexts(value, this.limits.effects);
      if (typeof effects === 'string') {
        this.nonsense(effects);
        return;
      }
      if (effects.length > this.limits.effects) {
        this.exceed('effects');
        return;
      }
      const text = effects.join(',');
      const secret = this.secrets.find((name) => text.includes(`[secret ${name}]`));
      if (text.length > this.limits.effectBytes) this.exceed('bytes of effects');
      else if (secret)
        this.nonsense(
          `an effect holds [secret ${secret}], and only this.http, httpRequest and sendWebhook carry secrets`,
        );
      else this.end(`{"type":"done","call":${this.id},"effects":[${text}]}`);
    } catch (thrown) {
      this.nonsense(`it cannot be written as JSON: ${describe(thrown).message}`);
    }
  }

  fail(thrown: unknown): void {
    this.end({ type: 'failed', call: this.id, ...describe(thrown) });
  }

  /** The host has ended it. */
  forget(): void {
    this.ended = true;
    this.onEnd(this);
  }

  private exceed(what: Excess): void {
    this.end({ type: 'too-much', call: this.id, what });
  }

  private nonsense(reason: string): void {
    this.end({ type: 'nonsense', call: this.id, reason });
  }

  private end(message: FromGuest | string): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd(this);
    this.outbox.add(typeof message === 'string' ? message : JSON.stringify(message));
  }

  private say(message: FromGuest): void {
    this.outbox.add(JSON.stringify(message));
  }
}

/** JSON text of each effect, or what is wrong with the answer. */
function effectTexts(value: unknown, most: number): string[] | string {
  if (value === undefined || value === null) return [];
  const effects: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts: string[] = [];
  // One more than the limit is enough to exceed it.
  for (let index = 0; index < effects.length && index <= most; index++) {
    const effect = effects[index] as { type?: unknown; payload?: unknown } | null | undefined;
    if (typeof effect !== 'object' || effect === null) {
      return `item ${index} is ${effect === null ? 'null' : typeof effect}`;
    }
    const { type, payload } = effect;
    if (typeof type !== 'string' || type === '') return `item ${index} has no type`;
    texts.push(`{"type":${JSON.stringify(type)},"payload":${printJson(sentPayload(type, payload)) ?? 'null'}}`);
  }
  return texts;
}

// Handles what runners say: each entry goes to its call, and never to a call of another isolate.

import { AT_ONCE } from './frames.ts';
import type { Isolates } from './isolates.ts';
import { isOverStep } from './limits.ts';
import type { IsolateHandle, Job, LoadedPlugin, Tag } from './plugin.ts';
import { withAlternative } from './plugin-globals.ts';
import { callOfTooMany, type FromGuest, type FromRunner, type IsolateEnd, parseFromGuest } from './protocol.ts';
import type { RunnerSlot } from './runners.ts';
import type { OFFENCES } from './standing.ts';

/** The effects of handling an entry. */
export interface Consequences {
  now(): number;
  /** Sends the next step of a call to its isolate. */
  send(isolate: IsolateHandle, text: string, job: Job): void;
  offend(plugin: LoadedPlugin, offence: keyof typeof OFFENCES): void;
  /** An isolate ended at a step of `culprit`. */
  ended(isolate: IsolateHandle, end: IsolateEnd, culprit: Job | undefined): void;
}

export class Hearing {
  readonly #isolates: Isolates;
  readonly #then: Consequences;

  constructor(isolates: Isolates, consequences: Consequences) {
    this.#isolates = isolates;
    this.#then = consequences;
  }

  /** Handles an entry about a batch. `sent` gives the tag of an entry in the batch. */
  answer(slot: RunnerSlot<Tag>, entry: FromRunner, sent: (position: number) => Tag | undefined): void {
    if (entry.type === 'ready') return;
    const isolate = this.#isolates.get(entry.isolate);
    // The isolate is gone or belongs to another runner: a late answer, or a lie.
    if (isolate?.slot !== slot) {
      if (entry.type === 'ended') this.#endedLate(entry.isolate, entry.end, sent(entry.end.entry));
      return;
    }
    switch (entry.type) {
      case 'said':
        this.#said(isolate, entry.text);
        break;
      case 'spent':
        isolate.plugin.spend(Math.max(0, entry.cpuMs - isolate.cpuMs), this.#then.now());
        isolate.cpuMs = entry.cpuMs;
        break;
      case 'stray':
        sent(entry.entry)?.job?.call.log(
          'warn',
          `A promise was rejected and nobody caught it: ${withAlternative(entry.message)}`,
        );
        break;
      case 'ended':
        this.#then.ended(isolate, entry.end, sent(entry.end.entry)?.job);
        break;
    }
  }

  #said(isolate: IsolateHandle, text: string): void {
    const { effectValues } = isolate.plugin.limits;
    const excess = text.length > AT_ONCE ? callOfTooMany(text, effectValues) : undefined;
    if (excess !== undefined) {
      const values = { limit: effectValues, what: 'values in its effects' };
      isolate.running.get(excess)?.call.fail('handler.limit', values);
      return;
    }
    const messages = parseFromGuest(text);
    if (!messages) {
      this.#tampered(isolate);
      return;
    }
    for (const message of messages) this.#message(isolate, message);
  }

  #message(isolate: IsolateHandle, message: FromGuest): void {
    const { plugin } = isolate;
    if (message.type === 'registered') {
      isolate.onLoad?.({ handlers: message.handlers });
      return;
    }
    if (message.type === 'load-failed') {
      const { name, message: text, stack } = message;
      const trace = plugin.mapper.map(stack);
      this.#loadFailed(isolate, withAlternative(trace.includes(text) ? trace : `${name}: ${text}`));
      return;
    }
    // Looks only among the calls of this isolate; another's number means nothing here.
    const job = isolate.running.get(message.call);
    if (!job) return;
    job.call.said(message, (step) => {
      if (job.isolate === isolate) this.#then.send(isolate, step, job);
    });
    if (job.call.ended && isolate.slot.role !== 'trial') plugin.standing.clean();
  }

  #loadFailed(isolate: IsolateHandle, reason: string): void {
    this.#isolates.drop(isolate);
    isolate.onLoad?.({ failed: reason });
    for (const job of isolate.running.values()) {
      job.isolate = undefined;
      job.call.fail('handler.unavailable', { reason: 'it did not load again' }, undefined, true);
    }
  }

  /** The isolate sent something impossible, so its loader has been tampered with. */
  #tampered(isolate: IsolateHandle): void {
    this.#isolates.drop(isolate);
    this.#then.offend(isolate.plugin, 'tampering');
    isolate.onLoad?.({ failed: 'it interferes with the loader' });
    for (const job of isolate.running.values()) {
      job.isolate = undefined;
      job.call.fail('handler.output', { reason: 'it interferes with the loader' });
    }
  }

  /** The call already had a result (its deadline was shorter than a step), but it did block the runner. */
  #endedLate(number: number, end: IsolateEnd, tag: Tag | undefined): void {
    if (tag?.isolate.number !== number) return;
    const { plugin } = tag.isolate;
    if (end.why === 'memory') this.#then.offend(plugin, 'memory');
    else if (end.why === 'timeout' && isOverStep(end.ranMs, plugin.limits)) this.#then.offend(plugin, 'timeout');
  }
}

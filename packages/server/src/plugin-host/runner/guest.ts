// The loader inside the isolate: registers the plugin's handlers and runs calls in steps, text in and text out. It is bundled to
// one script and runs before the plugin. It gets no functions or objects of the host.

import { AT_ONCE } from '../frames.ts';
import type { FromGuest, LoadOptions, ToGuest } from '../protocol.ts';
import { contextOf, giveConsole } from './context.ts';
import { describe } from './errors.ts';
import { GuestCall } from './guest-call.ts';
import { giveLazyGlobals } from './lazy-globals.ts';
import { type Clock, harden } from './realm.ts';
import { giveLoad, type Handler, register } from './registration.ts';

/**
 * Returns the two functions that the runner holds: `push` runs one step, of a text in pieces; `pull` takes the output since.
 * `given` is the options as JSON, `libraries` the scripts of globals/.
 */
export function start(given: string, ...libraries: string[]): { push(...pieces: string[]): void; pull(): string } {
  const options = JSON.parse(given) as LoadOptions['guest'];
  const clock: Clock = { now: options.now, seed: 1 };
  const calls = new Map<number, GuestCall>();
  const handlers = new Map<string, Handler>();
  let said: string[] = [];
  let saidSize = 0;
  let current: GuestCall | undefined;

  const outbox = {
    add(text: string): void {
      said.push(text);
      saidSize += text.length;
    },
  };
  const say = (message: FromGuest): void => outbox.add(JSON.stringify(message));
  const forCalls = { outbox, limits: options, onEnd: (call: GuestCall) => calls.delete(call.id) };

  /** Sets clock and random numbers to those of the call. Its microtasks finish before the next step. */
  const enter = (call: GuestCall): void => {
    if (current) current.seed = clock.seed;
    current = call;
    clock.now = call.now;
    clock.seed = call.seed;
  };

  const begin = (message: ToGuest & { type: 'call' }): void => {
    const call = new GuestCall(message, forCalls);
    calls.set(call.id, call);
    enter(call);
    try {
      const Handler = handlers.get(message.handler);
      if (!Handler) throw new Error(`No handler is named ${message.handler}.`);
      const handler = new Handler(contextOf(call, message));
      const run = handler.compute ? handler.compute() : handler.execute?.();
      Promise.resolve(run).then(
        (value) => call.finish(value),
        (thrown) => call.fail(thrown),
      );
    } catch (thrown) {
      call.fail(thrown);
    }
  };

  const push = (...pieces: string[]): void => {
    const message = JSON.parse(pieces.join('')) as ToGuest;
    if (message.type === 'call') {
      begin(message);
      return;
    }
    const call = calls.get(message.call);
    if (!call) return;
    enter(call);
    if (message.type === 'cancel') call.forget();
    else call.settle(message);
  };

  const pull = (): string => {
    let count = said.length;
    if (saidSize > AT_ONCE) {
      let size = 0;
      for (count = 0; count < said.length && (count === 0 || size + said[count]!.length <= AT_ONCE); count++) {
        size += said[count]!.length;
      }
    }
    const taken = count === said.length ? said : said.slice(0, count);
    said = taken === said ? [] : said.slice(count);
    saidSize = said.reduce((size, text) => size + text.length, 0);
    return taken.length === 0 ? '' : `[${taken.join(',')}]`;
  };

  giveConsole(() => current);
  harden(clock);
  giveLazyGlobals(libraries, () => current);
  giveLoad(
    (exported) => say({ type: 'registered', handlers: register(exported, handlers) }),
    (thrown) => say({ type: 'load-failed', ...describe(thrown) }),
  );
  return { push, pull };
}

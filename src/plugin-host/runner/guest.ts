// The loader inside the isolate: registers the plugin's handlers and runs calls as steps, text in and text out.
// It is bundled to one script and runs before the plugin; it is given no function and no object of the host.

import type { LoadOptions, LogLevel, ToGuest } from '../protocol.ts';
import { type Clock, harden } from './realm.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Call {
  readonly id: number;
  readonly clock: Clock;
  readonly asks: Map<number, Pending>;
  asked: number;
  logLines: number;
  logBytes: number;
  ended: boolean;
}

type Handler = new (context: object) => { compute?: () => unknown; execute?: () => unknown };

/** The two functions that the runner holds: `push` runs one step, `pull` takes what was said since. */
export function start(options: LoadOptions['guest']): { push(text: string): void; pull(): string } {
  const clock: Clock = { now: options.now, seed: 1 };
  const calls = new Map<number, Call>();
  const handlers = new Map<string, Handler>();
  let said: string[] = [];
  let current: Call | undefined;

  const say = (message: object): void => {
    said.push(JSON.stringify(message));
  };

  const end = (call: Call, text: string): void => {
    if (call.ended) return;
    call.ended = true;
    call.asks.clear();
    calls.delete(call.id);
    said.push(text);
  };

  const fail = (call: Call, thrown: unknown): void => {
    end(call, JSON.stringify({ type: 'failed', call: call.id, ...describe(thrown) }));
  };

  const log = (call: Call, level: LogLevel, message: unknown): void => {
    if (call.ended || call.logLines > options.logLines) return;
    const text = typeof message === 'string' ? message : show(message);
    call.logLines += 1;
    call.logBytes += text.length;
    if (call.logLines > options.logLines || call.logBytes > options.logBytes) {
      call.logLines = options.logLines + 1;
      say({
        type: 'log',
        call: call.id,
        level: 'warn',
        message: 'The rest of the log of this call was dropped: it is too long.',
      });
    } else {
      say({ type: 'log', call: call.id, level, message: text });
    }
  };

  const ask = (call: Call, request: object, size: number): Promise<unknown> => {
    if (call.ended) throw new Error('This call has ended.');
    if (call.asked >= options.hostCalls) {
      end(call, JSON.stringify({ type: 'too-much', call: call.id, what: 'host calls' }));
      throw new Error(`A handler may ask the host ${options.hostCalls} times.`);
    }
    if (size > options.requestBytes) {
      end(call, JSON.stringify({ type: 'too-much', call: call.id, what: 'bytes in one request' }));
      throw new Error(`A request may hold ${options.requestBytes} bytes.`);
    }
    const number = call.asked++;
    const answer = new Promise((resolve, reject) => {
      call.asks.set(number, { resolve, reject });
    });
    say({ type: 'ask', call: call.id, ask: number, request });
    return answer;
  };

  const begin = (message: ToGuest & { type: 'call' }): void => {
    const call: Call = {
      id: message.call,
      clock: { now: message.now, seed: message.seed },
      asks: new Map(),
      asked: 0,
      logLines: 0,
      logBytes: 0,
      ended: false,
    };
    calls.set(call.id, call);
    enter(call);
    try {
      const Handler = handlers.get(message.handler);
      if (!Handler) throw new Error(`No handler is named ${message.handler}.`);
      const instance = new Handler({
        event: message.event,
        variables: Object.freeze(message.variables),
        data: dataOf((request, size) => ask(call, request, size)),
        http: httpOf((request, size) => ask(call, request, size)),
        log: Object.freeze({
          debug: (line: unknown) => log(call, 'debug', line),
          info: (line: unknown) => log(call, 'info', line),
          warn: (line: unknown) => log(call, 'warn', line),
          error: (line: unknown) => log(call, 'error', line),
        }),
      });
      const run = instance.compute ? instance.compute() : instance.execute?.();
      Promise.resolve(run).then(
        (value) => finish(call, value),
        (thrown) => fail(call, thrown),
      );
    } catch (thrown) {
      fail(call, thrown);
    }
  };

  const finish = (call: Call, value: unknown): void => {
    try {
      const effects = effectTexts(value);
      if (typeof effects === 'string') {
        end(call, JSON.stringify({ type: 'nonsense', call: call.id, reason: effects }));
        return;
      }
      const text = effects.join(',');
      if (text.length > options.effectBytes) {
        end(call, JSON.stringify({ type: 'too-much', call: call.id, what: 'bytes of effects' }));
        return;
      }
      end(call, `{"type":"done","call":${call.id},"effects":[${text}]}`);
    } catch (thrown) {
      const { message } = describe(thrown);
      end(
        call,
        JSON.stringify({ type: 'nonsense', call: call.id, reason: `it cannot be written as JSON: ${message}` }),
      );
    }
  };

  /** The clock and dice are those of the call whose step runs; microtasks are drained before the next step. */
  const enter = (call: Call): void => {
    if (current) current.clock.seed = clock.seed;
    current = call;
    clock.now = call.clock.now;
    clock.seed = call.clock.seed;
  };

  const push = (text: string): void => {
    const message = JSON.parse(text) as ToGuest;
    if (message.type === 'call') {
      begin(message);
      return;
    }
    const call = calls.get(message.call);
    if (!call) return;
    enter(call);
    if (message.type === 'cancel') {
      call.ended = true;
      calls.delete(call.id);
      return;
    }
    const pending = call.asks.get(message.ask);
    call.asks.delete(message.ask);
    if (message.type === 'answer') pending?.resolve(message.value);
    else pending?.reject(Object.assign(new Error(message.message), { name: 'Refusal', code: message.code }));
  };

  /** At most about 4 MB at a time, so that many large answers do not become one text; empty when all is taken. */
  const pull = (): string => {
    if (said.length === 0) return '';
    let size = 0;
    let count = 0;
    while (count < said.length && (count === 0 || size + said[count]!.length < 4_000_000)) {
      size += said[count]!.length;
      count += 1;
    }
    const text = `[${said.slice(0, count).join(',')}]`;
    said = said.slice(count);
    return text;
  };

  giveConsole((level, line) => {
    if (current) log(current, level, line);
  });
  harden(clock);
  giveLoad((exported) => {
    const registered = registrations(exported, handlers);
    say({ type: 'registered', handlers: registered });
  }, say);
  return { push, pull };
}

/** Sends a request whose texts come to `size`; throws at once when the call may not ask (again). */
type AskHost = (request: object, size: number) => Promise<unknown>;

function dataOf(ask: AskHost): object {
  return Object.freeze({
    read: (type: unknown, id: unknown) => {
      const request = { kind: 'read', type: String(type), id: String(id) };
      return ask(request, request.type.length + request.id.length);
    },
    search: (type: unknown, query: unknown) => {
      const request = { kind: 'search', type: String(type), query: queryText(query) };
      return ask(request, request.type.length + request.query.length);
    },
  });
}

/** FHIR search parameters as a query string; of an object, each value of a list is a parameter of its own. */
function queryText(query: unknown): string {
  if (query === undefined || query === null) return '';
  if (typeof query !== 'object') return String(query);
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`);
    }
  }
  return parts.join('&');
}

interface HttpOptions {
  method?: unknown;
  headers?: Record<string, unknown>;
  body?: unknown;
}

function httpOf(ask: AskHost): object {
  return Object.freeze({
    fetch: async (url: unknown, options: HttpOptions = {}) => {
      const { body } = options;
      const request = {
        kind: 'http',
        method: String(options.method ?? 'GET').toUpperCase(),
        url: String(url),
        headers: Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)] as const),
        body: body === undefined || body === null ? null : typeof body === 'string' ? body : JSON.stringify(body),
      };
      const texts = [request.method, request.url, request.body ?? '', ...request.headers.flat()];
      const size = texts.reduce((total, text) => total + text.length, 0);
      const answer = (await ask(request, size)) as { status: number; headers: Record<string, string>; body: string };
      return Object.freeze({
        status: answer.status,
        ok: answer.status >= 200 && answer.status < 300,
        headers: answer.headers,
        text: () => answer.body,
        json: () => JSON.parse(answer.body) as unknown,
      });
    },
  });
}

function giveConsole(log: (level: LogLevel, line: string) => void): void {
  const at =
    (level: LogLevel) =>
    (...parts: unknown[]) =>
      log(level, parts.map((part) => (typeof part === 'string' ? part : show(part))).join(' '));
  const console = { debug: at('debug'), log: at('info'), info: at('info'), warn: at('warn'), error: at('error') };
  Object.defineProperty(globalThis, 'console', { value: Object.freeze(console) });
}

/** The plugin's script calls `__chartwire` once with its body. */
function giveLoad(loaded: (exported: object) => void, say: (message: object) => void): void {
  const load = (body: (module: { exports: object }, exports: object) => void): void => {
    delete (globalThis as Record<string, unknown>).__chartwire;
    const module = { exports: {} };
    try {
      body(module, module.exports);
      loaded(module.exports);
    } catch (thrown) {
      say({ type: 'load-failed', ...describe(thrown) });
    }
  };
  Object.defineProperty(globalThis, '__chartwire', { value: load, configurable: true });
}

function registrations(exported: object, handlers: Map<string, Handler>): object[] {
  const registered: object[] = [];
  for (const name of Object.keys(exported)) {
    const value = (exported as Record<string, unknown>)[name];
    if (typeof value !== 'function') continue;
    const statics = value as unknown as { RESPONDS_TO?: unknown; SCHEDULE?: unknown; TIMEZONE?: unknown };
    const { RESPONDS_TO: respondsTo, SCHEDULE: schedule, TIMEZONE: timezone } = statics;
    if (respondsTo === undefined && schedule === undefined) continue;
    const types = respondsTo === undefined ? [] : Array.isArray(respondsTo) ? respondsTo : [respondsTo];
    if (types.some((type) => typeof type !== 'string'))
      throw new TypeError(`RESPONDS_TO of ${name} holds something that is not an event type`);
    if (schedule !== undefined && typeof schedule !== 'string') throw new TypeError(`SCHEDULE of ${name} is not text`);
    const { prototype } = value as { prototype?: { compute?: unknown; execute?: unknown } };
    if (typeof prototype?.compute !== 'function' && typeof prototype?.execute !== 'function') {
      throw new TypeError(`${name} has neither compute() nor execute()`);
    }
    handlers.set(name, value as Handler);
    registered.push({
      name,
      respondsTo: types,
      schedule,
      timezone: timezone === undefined ? undefined : String(timezone),
    });
  }
  return registered;
}

/** JSON text of each effect; or what is wrong with the answer. */
function effectTexts(value: unknown): string[] | string {
  if (value === undefined || value === null) return [];
  const effects: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts: string[] = [];
  for (let index = 0; index < effects.length; index++) {
    const effect = effects[index] as { type?: unknown; payload?: unknown } | null | undefined;
    if (typeof effect !== 'object' || effect === null)
      return `item ${index} is ${effect === null ? 'null' : typeof effect}`;
    const { type, payload } = effect;
    if (typeof type !== 'string' || type === '') return `item ${index} has no type`;
    texts.push(`{"type":${JSON.stringify(type)},"payload":${JSON.stringify(payload) ?? 'null'}}`);
  }
  return texts;
}

/** An error as data. Its properties are the plugin's: reading them may throw. */
function describe(thrown: unknown): { name: string; message: string; stack: string } {
  const read = (key: string, limit: number): string => {
    try {
      const value = (thrown as Record<string, unknown>)[key];
      return typeof value === 'string' ? value.slice(0, limit) : '';
    } catch {
      return '';
    }
  };
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'Error', message: show(thrown).slice(0, 2_000), stack: '' };
  return { name: read('name', 100) || 'Error', message: read('message', 2_000), stack: read('stack', 8_000) };
}

function show(value: unknown): string {
  try {
    return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : String(value);
  } catch {
    return '(cannot be shown)';
  }
}

// One call of one handler, on the host's side: serves its requests, records them, and enforces its limits.

import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { dayOf } from '@chartwire/sdk/internal/kit/calendar';
import { ERRORS, type ErrorCode, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { uuidv7Time } from '@chartwire/sdk/internal/kit/ids';
import { type LiteralTree, literalTree } from '@chartwire/sdk/internal/kit/json/literal-tree';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';
import type { HandlerCall, HandlerResult, HostCallRecord } from './contract.ts';
import type { Limits } from './limits.ts';
import type { Manifest } from './manifest.ts';
import { withAlternative } from './plugin-globals.ts';
import type { AskRequest, Excess, FromGuest, HttpAsk, LogLevel, ToGuest } from './protocol.ts';
import { shownUrl } from './secrets.ts';
import type { StackMapper } from './stack.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer whose body is left out where it is too large, or not text. */
export type BriefAnswer = Omit<HttpAnswer, 'body'> & { readonly body: string | null };

/**
 * HTTP on behalf of a plugin: `http.ts`, or a test's.
 *
 * @throws {Refusal} `host.http` or `host.forbidden`
 */
export interface PluginHttp {
  request(
    ask: HttpAsk,
    manifest: Manifest,
    secrets: Readonly<Record<string, string>>,
    idempotencyKey?: string,
  ): Promise<HttpAnswer>;
  /** The same, for one that asks only once: an answer of more bytes than `most` is one too, without its body. */
  brief(
    ask: HttpAsk,
    manifest: Manifest,
    secrets: Readonly<Record<string, string>>,
    options: { readonly idempotencyKey: string; readonly most: number },
  ): Promise<BriefAnswer>;
  /** Refuses what `request` would not send. */
  check(ask: HttpAsk, manifest: Manifest, secrets: Readonly<Record<string, string>>): void;
}

export interface CallServices {
  readonly http: PluginHttp;
  /** Milliseconds since 1970. */
  now(): number;
  /** Reports a bug of the host. The message contains no PHI. */
  onBug(error: unknown): void;
}

/** An HTTP request that may have had an effect outside. A rerun of the call doesn't repeat it. */
interface Made {
  readonly request: string;
  readonly answer: Promise<string>;
}

/** A request of the handler to the host. */
interface Asked {
  readonly ask: number;
  readonly request: AskRequest;
  /** For an HTTP request, its Idempotency-Key. */
  readonly key: string;
}

export class RunningCall {
  readonly number: number;
  readonly call: HandlerCall;
  /** How often an isolate received the job. */
  attempts = 0;
  /** Called once. */
  onEnd: (result: HandlerResult) => void = () => {};
  readonly #services: CallServices;
  readonly #manifest: Manifest;
  readonly #limits: Limits;
  readonly #mapper: StackMapper;
  readonly #began = performance.now();
  readonly #secrets: Record<string, string> = {};
  readonly #made = new Map<number, Made>();
  #calls: HostCallRecord[] = [];
  #logs: HandlerResult['logs'][number][] = [];
  #asked = 0;
  #requests = 0;
  #logBytes = 0;
  #hostFailed = false;
  #retryAfterMs = 0;
  #ended = false;

  constructor(
    number: number,
    call: HandlerCall,
    plugin: { manifest: Manifest; limits: Limits; mapper: StackMapper },
    services: CallServices,
  ) {
    this.number = number;
    this.call = call;
    this.#manifest = plugin.manifest;
    this.#limits = plugin.limits;
    this.#mapper = plugin.mapper;
    this.#services = services;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The step that starts the call, made again for each attempt. */
  begin(): string {
    this.attempts += 1;
    this.#calls = [];
    this.#logs = [];
    this.#asked = 0;
    this.#requests = 0;
    this.#logBytes = 0;
    const { handler, event, execution, timeZone = 'UTC' } = this.call;
    const variables: Record<string, string> = {};
    for (const [name, { value, sensitive }] of Object.entries(this.call.variables)) {
      (sensitive ? this.#secrets : variables)[name] = value;
    }
    const secrets = Object.keys(this.#secrets);
    // Derived from the execution's id, so that a replay sees the same time and random numbers without further data.
    const time = uuidv7Time(execution);
    const now = Number.isNaN(time) ? Date.parse(event.at) : time;
    const seed = Number.parseInt(execution.replace(/[^0-9a-f]/g, '').slice(-8), 16) || 1;
    const literals = literalTree(event);
    const step = {
      type: 'call',
      call: this.number,
      handler,
      event,
      ...(literals && { literals }),
      practice: { timeZone, today: dayOf(new Date(now), timeZone) },
      variables,
      secrets,
      now,
      seed,
      // The id's random bits and time, which no two executions share.
      key: execution.replaceAll('-', ''),
    } satisfies ToGuest;
    return JSON.stringify(step);
  }

  /** Handles a message about this call. `reply` sends the next step, if any. */
  said(message: Extract<FromGuest, { call: number }>, reply: (step: string) => void): void {
    if (this.#ended) return;
    switch (message.type) {
      case 'ask':
        this.#ask(message.ask, message.request, reply);
        break;
      case 'log':
        this.log(message.level, message.message);
        break;
      case 'done':
        this.#done(message.effects);
        break;
      case 'failed': {
        const { name, message: text, stack, retry } = message;
        // The sentence has its own period.
        const said = withAlternative(text).replace(/\.$/, '');
        const where = this.#mapper.map(stack);
        if (retry === false) this.fail('handler.gave-up', { message: said }, where);
        else {
          if (retry) this.#retryAfterMs = retry.afterSeconds * 1_000;
          this.fail('handler.threw', { name, message: said }, where);
        }
        break;
      }
      case 'nonsense':
        this.fail('handler.output', { reason: message.reason });
        break;
      case 'too-much':
        this.fail('handler.limit', this.#overLimit(message.what));
        break;
    }
  }

  /** The loader counts as well. This catches plugins that bypass it, and limits only visible here. */
  #done(effects: HandlerResult['effects']): void {
    const { effectValues } = this.#limits;
    const { values, depth } = measure(effects, effectValues);
    if (effects.length > this.#limits.effects) this.fail('handler.limit', this.#overLimit('effects'));
    else if (values > effectValues) this.fail('handler.limit', { limit: effectValues, what: 'values in its effects' });
    else if (depth > MOST_NESTED)
      this.fail('handler.output', { reason: `an effect is nested more than ${MOST_NESTED} deep` });
    else this.#end({ state: 'completed', effects, error: null, retryable: false });
  }

  log(level: LogLevel, message: string): void {
    this.#logBytes += message.length;
    // The loader stops earlier; this catches a plugin that bypasses it.
    if (this.#logs.length > this.#limits.logLines || this.#logBytes > this.#limits.logBytes + 1_000) return;
    this.#logs.push({ level, message: visibleText(message), at: new Date(this.#services.now()).toISOString() });
  }

  fail(code: ErrorCode, values: Record<string, string | number>, stack?: string, retryable = false): void {
    const { message } = new Refusal(code, values);
    const error = stack ? { code, message, stack: visibleText(stack) } : { code, message };
    this.#end({ state: 'failed', effects: [], error, retryable: retryable || this.#hostFailed });
  }

  #end(outcome: Pick<HandlerResult, 'state' | 'effects' | 'error' | 'retryable'>): void {
    if (this.#ended) return;
    this.#ended = true;
    const ms = performance.now() - this.#began;
    this.onEnd({ ...outcome, retryAfterMs: this.#retryAfterMs, calls: this.#calls, logs: this.#logs, ms });
  }

  #overLimit(what: Excess): { limit: number; what: string } {
    const { hostCalls, requestBytes, effectBytes, effects } = this.#limits;
    const limits = {
      'host calls': hostCalls,
      'bytes in one request': requestBytes,
      'bytes of effects': effectBytes,
      effects,
    } satisfies Record<Excess, number>;
    return { limit: limits[what], what };
  }

  #ask(ask: number, request: AskRequest, reply: (step: string) => void): void {
    this.#asked += 1;
    if (this.#asked > this.#limits.hostCalls) {
      this.fail('handler.limit', this.#overLimit('host calls'));
      return;
    }
    const attempt = this.attempts;
    const began = performance.now();
    const record = {
      kind: request.kind,
      request: this.#show(request),
      outcome: 'unanswered',
      ms: 0,
      given: [] as string[],
    };
    this.#calls.push(record);
    // Counted before any await, so a retry numbers the same request the same.
    const key = request.kind === 'http' ? this.#idempotencyKey(++this.#requests) : '';
    const answered = this.#answer({ ask, request, key }, record);
    answered.then((step) => {
      record.ms = performance.now() - began;
      if (!this.#ended && attempt === this.attempts) reply(step);
    });
  }

  /** Makes the step with the answer. Never rejects. */
  async #answer(asked: Asked, record: { outcome: string; given: string[] }): Promise<string> {
    const { ask } = asked;
    try {
      const value = await this.#serve(asked, record);
      if (value.length > this.#limits.answerBytes) {
        throw new Refusal('handler.limit', { limit: this.#limits.answerBytes, what: 'bytes in one answer' });
      }
      return `{"type":"answer","call":${this.number},"ask":${ask},${value}}`;
    } catch (error) {
      if (!(error instanceof Refusal)) {
        this.#hostFailed = true;
        this.#services.onBug(error);
      }
      const code = error instanceof Refusal ? error.code : 'server.failed';
      const message = error instanceof Refusal ? `${error.message} ${error.next}` : ERRORS['server.busy'].sentence;
      record.outcome = code;
      return JSON.stringify({ type: 'refusal', call: this.number, ask, code, message } satisfies ToGuest);
    }
  }

  /** The content of the answer: its `value`, and `literals` if any. */
  async #serve({ ask, request, key }: Asked, record: { outcome: string; given: string[] }): Promise<string> {
    const { services } = this.call;
    if (request.kind === 'read') {
      const resource = await services.read(request.type, request.id);
      record.outcome = 'ok';
      if (resource) record.given.push(reference(resource));
      return valueText(resource);
    }
    if (request.kind === 'search') {
      const resources = await services.search(request.type, request.query);
      record.outcome = 'ok';
      for (const resource of resources) record.given.push(reference(resource));
      return valueText(resources);
    }
    const text = JSON.stringify(request);
    const made = this.#made.get(ask);
    if (made?.request === text) {
      record.outcome = 'made before';
      return made.answer;
    }
    const answer = this.#http(request, key, record);
    if (request.method !== 'GET' && request.method !== 'HEAD') this.#made.set(ask, { request: text, answer });
    return answer;
  }

  /**
   * The same each time this handler receives this event, and different for every other request. Reveals nothing about the event.
   */
  #idempotencyKey(request: number): string {
    const { plugin, handler, event } = this.call;
    return createHash('sha256').update(`${event.id} ${plugin}/${handler} ${request}`).digest('hex').slice(0, 32);
  }

  async #http(request: HttpAsk, key: string, record: { outcome: string }): Promise<string> {
    const answer = await this.#services.http.request(request, this.#manifest, this.#secrets, key);
    record.outcome = String(answer.status);
    const literals = literalsOfBody(answer);
    return `"value":${JSON.stringify({ ...answer, ...(literals && { literals }) })}`;
  }

  /** For the execution's record: shows secrets by name. A query may contain PHI and is kept, as searches are. */
  #show(request: AskRequest): string {
    if (request.kind === 'read') return `${request.type}/${request.id}`;
    if (request.kind === 'search') return request.query ? `${request.type}?${request.query}` : request.type;
    return `${request.method} ${shownUrl(request)}`;
  }
}

function valueText(value: unknown): string {
  const literals = literalTree(value);
  return `"value":${JSON.stringify(value)}${literals ? `,"literals":${JSON.stringify(literals)}` : ''}`;
}

/** The literals of a JSON body, so that numbers stay as written when a plugin passes them on. */
function literalsOfBody({ headers, body }: HttpAnswer): LiteralTree | undefined {
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) return undefined;
  try {
    return literalTree(parseJson(body));
  } catch {
    return undefined;
  }
}

/** Nesting limit of an effect, itself included. */
const MOST_NESTED = 64;

/** Number of values, and their depth. Stops once either exceeds its limit. */
function measure(effects: HandlerResult['effects'], most: number): { values: number; depth: number } {
  let values = 0;
  let depth = 0;
  // Level by level, since recursion could overflow the stack.
  let level: unknown[] = effects.map(({ payload }) => payload);
  for (; level.length > 0 && values <= most && depth <= MOST_NESTED; depth++) {
    const next: unknown[] = [];
    for (const value of level) {
      values += 1;
      if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) next.push(inner);
    }
    level = next;
  }
  return { values, depth };
}

function reference(resource: Resource): string {
  const version = resource.meta?.versionId;
  const name = `${resource.resourceType}/${resource.id}`;
  return version ? `${name}/_history/${version}` : name;
}

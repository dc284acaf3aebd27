// Sends queued requests to other systems, at least once each and with the same Idempotency-Key: a node claims one for a minute
// under a fence, sends it, and writes what came of it, with the event that tells it, in one transaction.

import type { Chart } from '#chart/contract.ts';
import type { PluginHttp } from '#plugin-host/call.ts';
import type { Manifest } from '#plugin-host/manifest.ts';
import { FenceLost } from '#store/contract.ts';
import type { RequestAttempt, RequestEnd } from '#store/outgoing.ts';
import { requestEnded } from '../own-events.ts';
import type { VariableValues } from '../plugin-variables.ts';
import { nextTry, type RetryPolicy } from '../policy.ts';
import { askOf, secretsOf } from './ask.ts';
import { answered, type AttemptOutcome, unanswered } from './outcome.ts';
import type { ClaimedRequest, Requests } from './requests.ts';

/** Milliseconds between looks that nothing woke. */
const TICK_MS = 1_000;
/** Requests under way at once at this node, of one plugin, and to one host. */
const AT_ONCE = 32;
const OF_A_PLUGIN = 8;
const TO_A_HOST = 4;
/** Bytes of an answer's body that are kept. */
const MOST_BODY = 256_000;
/** How often, and how many milliseconds apart, a node tries to write what came of a request: within its lease. */
const WRITES = 30;
const WRITE_AGAIN_MS = 1_000;

export interface SenderServices {
  readonly requests: Requests;
  readonly http: Pick<PluginHttp, 'brief'>;
  readonly chart: Chart;
  /** Names this node. */
  readonly node: string;
  readonly policy: RetryPolicy;
  /** Plugins that are live at this node. */
  owners(): readonly string[];
  /** What one of them may reach and is given now; undefined when it is not live. */
  owner(name: string): { readonly manifest: Manifest; readonly variables: VariableValues } | undefined;
  /** In whose chart what is about a patient is told now. */
  patientNow(patient: string): Promise<string>;
  now(): number;
  report(sentence: string): void;
}

export class Sender {
  readonly #services: SenderServices;
  readonly #running = new Map<string, { readonly owner: string; readonly host: string; done: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #lookAgain = false;
  #stopped = false;

  constructor(services: SenderServices) {
    this.#services = services;
    services.requests.onDue = () => this.wake();
  }

  async start(): Promise<void> {
    const { requests, node } = this.#services;
    await requests.takeBack(node);
    this.#timer = setInterval(() => this.wake(), TICK_MS);
    this.#timer.unref();
    this.wake();
  }

  /** Something may have become due. */
  wake(): void {
    if (this.#timer !== undefined) void this.#look();
  }

  /** Sends nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
  }

  async #look(): Promise<void> {
    this.#lookAgain = this.#looking;
    if (this.#looking || this.#stopped || this.#running.size >= AT_ONCE) return;
    this.#looking = true;
    try {
      const { requests, node } = this.#services;
      const due = await requests.due(this.#freeOwners(), this.#fullHosts());
      const chosen = this.#choose(due);
      if (chosen.length > 0 && !this.#stopped) {
        for (const request of await requests.claim(node, chosen)) this.#begin(request);
        // Others may wait behind those whose host is full now.
        this.#lookAgain ||= due.length > chosen.length;
      }
    } catch {
      // The database is away; the next look finds it back.
    } finally {
      this.#looking = false;
    }
    if (this.#lookAgain) void this.#look();
  }

  #freeOwners(): string[] {
    return this.#services.owners().filter((owner) => this.#count('owner', owner) < OF_A_PLUGIN);
  }

  #fullHosts(): string[] {
    const hosts = new Set([...this.#running.values()].map(({ host }) => host));
    return [...hosts].filter((host) => this.#count('host', host) >= TO_A_HOST);
  }

  #count(by: 'owner' | 'host', name: string): number {
    return [...this.#running.values()].filter((one) => one[by] === name).length;
  }

  /** Ids of those for which there is room. */
  #choose(due: readonly { id: string; owner: string; host: string }[]): string[] {
    const chosen: { id: string; owner: string; host: string }[] = [];
    for (const one of due) {
      const of = (by: 'owner' | 'host') => this.#count(by, one[by]) + chosen.filter((c) => c[by] === one[by]).length;
      const room = this.#running.size + chosen.length < AT_ONCE;
      if (room && of('owner') < OF_A_PLUGIN && of('host') < TO_A_HOST && !this.#running.has(one.id)) chosen.push(one);
    }
    return chosen.map(({ id }) => id);
  }

  #begin(request: ClaimedRequest): void {
    const { id, owner, host } = request;
    const done = this.#send(request)
      // Its lease runs out, and it is sent again. Nothing of the request is in the log: it may hold PHI.
      .catch((error: unknown) => {
        const name = error instanceof Error ? error.name : typeof error;
        this.#services.report(
          `A request of the plugin ${owner} could not be sent or recorded (${name}); it is retried.`,
        );
      })
      .finally(() => {
        this.#running.delete(id);
        this.wake();
      });
    this.#running.set(id, { owner, host, done });
  }

  async #send(request: ClaimedRequest): Promise<void> {
    const { requests, http, now } = this.#services;
    const owner = this.#services.owner(request.owner);
    if (!owner) return requests.release(request);
    const started = now();
    const began = performance.now();
    const outcome = await http
      .brief(askOf(request.request, started), owner.manifest, secretsOf(owner.variables), {
        idempotencyKey: request.id,
        most: MOST_BODY,
      })
      .then((answer) => answered(answer, now()), unanswered);
    const attempt = {
      at: new Date(started).toISOString(),
      ms: Math.round(performance.now() - began),
      status: outcome.answer?.status ?? null,
      code: outcome.error?.code ?? null,
    };
    const { retries } = request.request;
    const nextAt = outcome.retryable
      ? nextTry(this.#services.policy, request.tries, now(), { retries, afterMs: outcome.afterMs })
      : null;
    await this.#persist(() =>
      nextAt ? requests.again(request, nextAt, attempt, outcome.error) : this.#end(request, outcome, attempt),
    );
  }

  /** It was sent: what came of it is written as soon as the database is there, while the lease lasts. */
  async #persist(write: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await write();
      } catch (error) {
        if (error instanceof FenceLost) return;
        if (tries >= WRITES || this.#stopped) throw error;
        await new Promise((resolve) => setTimeout(resolve, WRITE_AGAIN_MS));
      }
    }
  }

  async #end(request: ClaimedRequest, { error, answer }: AttemptOutcome, attempt: RequestAttempt): Promise<void> {
    const { id, fence } = request;
    const { chart, patientNow, now } = this.#services;
    const patient = request.patient && (await patientNow(request.patient));
    const at = new Date(now()).toISOString();
    const end: RequestEnd = { id, fence, state: error ? 'dead' : 'done', attempt, error, answer, at };
    const { event, by } = requestEnded(request, patient, { status: answer?.status ?? null, code: error?.code });
    await chart.withChart(by, async () => {}, {
      emit: [event],
      finish: () => ({ executions: [], completions: [], requests: { queued: [], ended: [end] } }),
    });
  }
}

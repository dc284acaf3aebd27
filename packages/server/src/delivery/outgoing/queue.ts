// What one run of a handler queues: checked at once, so that a request which could never be sent is refused with its effect.

import type { QueuedRequest } from '@chartwire/sdk/internal/effects/port';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { type Cause, MAX_DEPTH } from '@chartwire/sdk/internal/kit/event';
import type { PluginHttp } from '#plugin-host/call.ts';
import type { Manifest } from '#plugin-host/manifest.ts';
import type { RequestWrite } from '#store/outgoing.ts';
import type { VariableValues } from '../plugin-variables.ts';
import { askOf, hostOf, secretsOf } from './ask.ts';
import type { Requests } from './requests.ts';

/** Requests of one plugin that wait to be sent. */
const MOST_WAITING = 10_000;

export interface QueueServices {
  readonly http: Pick<PluginHttp, 'check'>;
  readonly requests: Pick<Requests, 'waitingOf'>;
  now(): number;
}

/** Whose requests they are, and what they answer to. */
export interface Asker {
  readonly manifest: Manifest;
  readonly variables: VariableValues;
  readonly patient: string | null;
  readonly note: string | null;
  readonly cause: Cause;
  readonly depth: number;
}

export class RunQueue {
  readonly #services: QueueServices;
  readonly #asker: Asker;
  readonly #queued: RequestWrite[] = [];
  #waiting: number | undefined;

  constructor(services: QueueServices, asker: Asker) {
    this.#services = services;
    this.#asker = asker;
  }

  get queued(): readonly RequestWrite[] {
    return this.#queued;
  }

  /** Its effects are applied anew, or not at all. */
  clear(): void {
    this.#queued.length = 0;
  }

  /** `effect`: its place among the effects of the run. */
  async add(request: QueuedRequest, effect: number): Promise<void> {
    const { manifest, variables, patient, note, cause, depth } = this.#asker;
    const { http, requests, now } = this.#services;
    if (depth > MAX_DEPTH) throw new Refusal('event.depth', { depth, limit: MAX_DEPTH });
    http.check(askOf(request, now()), manifest, secretsOf(variables));
    this.#waiting ??= await requests.waitingOf(manifest.name);
    if (this.#waiting + this.#queued.length >= MOST_WAITING) {
      throw new Refusal('outgoing.full', { limit: MOST_WAITING });
    }
    this.#queued.push({
      id: request.id,
      owner: manifest.name,
      host: hostOf(request.ask.url),
      request,
      patient,
      note,
      cause: { ...cause, effect },
      depth,
      at: new Date(now()).toISOString(),
    });
  }
}

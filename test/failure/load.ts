// Writers that never rest, over HTTP, and a file with every write that was acknowledged to them.

import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation, Patient } from '@medplum/fhirtypes';
import type { Acknowledged } from './auditor.ts';
import { TOKEN } from './servers.ts';

/** Milliseconds after which a writer stops waiting for an answer and goes on. */
const PATIENCE_MS = 10_000;

export interface LoadOptions {
  /** Where the servers are just now: a writer goes from one to the next. */
  readonly urls: () => readonly string[];
  /** Takes a line of JSON for each acknowledged write. */
  readonly file: string;
  readonly writers?: number;
  /** Milliseconds that a writer waits after each write. */
  readonly pauseMs?: number;
}

export class Load {
  readonly #options: LoadOptions;
  readonly #writers: Promise<void>[] = [];
  #count = 0;
  #stopped = false;
  /** Observations of all writers are in one chart. */
  readonly #shared = randomUUID();

  constructor(options: LoadOptions) {
    this.#options = options;
    writeFileSync(options.file, '');
  }

  /** Acknowledged writes up to now. */
  get count(): number {
    return this.#count;
  }

  acknowledged(): Acknowledged[] {
    const lines = readFileSync(this.#options.file, 'utf8').split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as Acknowledged);
  }

  async start(): Promise<void> {
    await this.probe(this.#shared);
    for (let n = 0; n < (this.#options.writers ?? 6); n++) this.#writers.push(this.#write(`writer-${n}`));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#writers);
  }

  /** Writes a patient until it is acknowledged. */
  async probe(id: string = randomUUID()): Promise<string> {
    for (let order = 1; ; order++) {
      if (await this.#put(`probe-${id}`, order, id)) return id;
      await sleep(20);
    }
  }

  /** Resolves when as many more writes were acknowledged. */
  async acknowledges(more: number): Promise<void> {
    const enough = this.#count + more;
    const end = Date.now() + 60_000;
    while (this.#count < enough) {
      if (Date.now() > end) throw new Error('no write was acknowledged for a minute');
      await sleep(10);
    }
  }

  async #write(writer: string): Promise<void> {
    const patient = randomUUID();
    for (let order = 1; !this.#stopped; order++) {
      const done = await (order % 3 === 0 ? this.#post(writer, order) : this.#put(writer, order, patient));
      await sleep(done ? (this.#options.pauseMs ?? 25) : 20);
    }
  }

  #put(writer: string, order: number, id: string): Promise<boolean> {
    const mark = `${writer}.${order}.`;
    const patient: Patient = { resourceType: 'Patient', id, name: [{ family: mark }] };
    return this.#send('PUT', `/fhir/R4/Patient/${id}`, patient, { writer, order, mark });
  }

  #post(writer: string, order: number): Promise<boolean> {
    const mark = `${writer}.${order}.`;
    const observation: Observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'A count' },
      subject: { reference: `Patient/${this.#shared}` },
      valueString: mark,
    };
    return this.#send('POST', '/fhir/R4/Observation', observation, { writer, order, mark });
  }

  async #send(
    method: string,
    path: string,
    body: object,
    said: Pick<Acknowledged, 'writer' | 'order' | 'mark'>,
  ): Promise<boolean> {
    const urls = this.#options.urls();
    const url = urls[said.order % urls.length];
    if (url === undefined) return false;
    try {
      const answer = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/fhir+json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await answer.arrayBuffer();
      if (!answer.ok) return false;
      const [type, id, , version] = answer.headers.get('content-location')!.split('/').slice(-4) as [
        string,
        string,
        string,
        string,
      ];
      const acknowledged: Acknowledged = { ...said, type, id, version: Number(version) };
      appendFileSync(this.#options.file, `${JSON.stringify(acknowledged)}\n`);
      this.#count++;
      return true;
    } catch {
      return false;
    }
  }
}

// The plan of a transaction: which entry targets which record, and how references are replaced.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import { Slices } from '#chart/slice.ts';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isResourceType } from '#r4/resource-types.ts';
import { patientOf } from '#r4/search-index.ts';
import { validate } from '#r4/validate.ts';
import { criteriaKey, matchOne, readCriteria } from '../criteria.ts';
import type { Aim, Desk, Writing } from '../interaction.ts';
import { criteriaOf } from '../interactions/create.ts';
import { isObject } from '../json-object.ts';
import {
  conditionalReferencesIn,
  danglingIn,
  Links,
  readConditionalReference,
  resolveReferences,
} from '../references.ts';
import { type Entry, invalid } from './entries.ts';
import { type Made, Pending } from './pending.ts';
import { atEntry, isPlaced, placeFault } from './place.ts';

export type WriteEntry = Entry & { readonly does: Writing };

/** Filled once for each run of a unit of work: a run on a newer state begins with a new plan. */
export class TransactionPlan {
  /** In the order in which they are carried out. */
  readonly #writes: readonly WriteEntry[];
  readonly #aims = new Map<number, Aim>();
  /** Which entry writes a record: `Type/id` to its index. */
  readonly #writers = new Map<string, number>();
  readonly #createdBy = new Map<string, Aim>();
  readonly #pending = new Pending();
  readonly #links = new Links();
  /** What conditional references turned out to mean. */
  readonly #found = new Map<string, string>();
  readonly #bodies = new Map<number, unknown>();
  readonly #slices = new Slices();

  constructor(writes: readonly WriteEntry[]) {
    this.#writes = writes;
  }

  aimOf(entry: Entry): Aim {
    return this.#aims.get(entry.index)!;
  }

  async fill(plain: Desk): Promise<void> {
    const desk: Desk = { ...plain, pending: this.#pending };
    const deletes = this.#writes.filter(({ interaction }) => interaction.method === 'DELETE');
    const others = this.#writes.filter(({ interaction }) => interaction.method !== 'DELETE');
    // Deletes apply before other entries are matched: deleted records no longer meet their criteria.
    await this.#each(deletes, (entry) => this.#aim(desk, entry));
    await this.#each(deletes, (entry) => this.#apply(desk, entry));
    await this.#each(others, (entry) => this.#aim(desk, entry));
    // Conditional references come last: by then every other change is drafted.
    const { last = [], first = [] } = Object.groupBy(others, (entry) =>
      isConditional(entry, desk.baseUrl) ? 'last' : 'first',
    );
    await this.#each(first, (entry) => this.#apply(desk, entry));
    await this.#each(last, (entry) => this.#findAll(desk, entry));
    await this.#each(last, (entry) => this.#apply(desk, entry));
  }

  async #each(entries: readonly WriteEntry[], work: (entry: WriteEntry) => Promise<void>): Promise<void> {
    for (const entry of entries) {
      await atEntry(entry.index, () => work(entry));
      await this.#slices.pause();
    }
  }

  async #aim(desk: Desk, entry: WriteEntry): Promise<void> {
    const key = createKey(entry);
    const twin = key === undefined ? undefined : this.#createdBy.get(key);
    // The second of two equal conditional creates finds what the first is about to write.
    const aim: Aim = twin ? { ...twin, action: 'none' } : await entry.does.aim(desk, entry.request);
    this.#aims.set(entry.index, aim);
    const { id } = aim;
    if (id === undefined) return;
    if (key !== undefined && !twin) this.#createdBy.set(key, aim);
    if (aim.action !== 'none') this.#claim(entry, aim.type, id);
    if (entry.fullUrl !== undefined) await this.#link(desk, entry, entry.fullUrl);
  }

  /** One record may be written by one entry only (http://hl7.org/fhir/R4/http.html#trules). */
  #claim(entry: WriteEntry, type: ResourceType, id: string): void {
    const record = `${type}/${id}`;
    const other = this.#writers.get(record);
    if (other !== undefined) throw invalid(entry.index, `it writes the same record as entry ${other}`);
    this.#writers.set(record, entry.index);
    const { body } = entry.request;
    if (isObject(body) && body.resourceType === type) this.#pending.add({ ...body, id } as Made);
  }

  async #link(desk: Desk, entry: WriteEntry, fullUrl: string): Promise<void> {
    const { action, type, id } = this.aimOf(entry);
    const record = `${type}/${id}`;
    const other = this.#links.get(fullUrl);
    if (other !== undefined && other.record !== record)
      throw invalid(entry.index, 'its fullUrl is that of another entry');
    if (other !== undefined && action === 'none') return;
    const stored = await desk.draft.versionOf(type, id!);
    this.#links.set(fullUrl, { record, version: action === 'none' ? stored : stored + 1 });
  }

  async #apply(desk: Desk, entry: WriteEntry): Promise<void> {
    const { body, type } = entry.request;
    const dangling = danglingIn(body, type, this.#links);
    if (dangling.length > 0) throw danglingRefusal(dangling);
    const base = baseOf(entry.fullUrl, type);
    const resolved = resolveReferences(body, type, { links: this.#links, found: this.#found, base });
    this.#bodies.set(entry.index, resolved);
    await entry.does.apply(desk, { ...entry.request, body: resolved }, this.aimOf(entry));
  }

  async #findAll(desk: Desk, { request: { body, type } }: WriteEntry): Promise<void> {
    for (const [reference, path] of conditionalReferencesIn(body, type, desk.baseUrl)) {
      if (this.#found.has(reference)) continue;
      try {
        this.#found.set(reference, await this.#find(desk, reference, path));
      } catch (error) {
        throw error instanceof Refusal ? placedAt(path, reference, error) : error;
      }
    }
  }

  /** The record that a conditional reference means: of this transaction, or of the chart. */
  async #find(desk: Desk, reference: string, path: string): Promise<string> {
    const { type, criteria } = readConditionalReference(reference, desk.baseUrl)!;
    const parsed = readCriteria(criteria, type);
    if (isResourceType(type)) {
      const id = this.#createdBy.get(criteriaKey(type, parsed))?.id ?? (await matchOne(desk, type, parsed))?.id;
      if (id !== undefined) return `${type}/${id}`;
    }
    throw new Refusal('record.reference', { expression: path, reference });
  }

  /** Names the entries at fault, and every fault of each: the commit, which refused, knows of records only. */
  explain(error: unknown): unknown {
    if (!(error instanceof Refusal) || isPlaced(error)) return error;
    const faults = this.#writes.flatMap((entry) => {
      const { id } = this.#aims.get(entry.index) ?? {};
      const body = this.#bodies.get(entry.index) as Resource | undefined;
      if (id === undefined || body === undefined || entry.interaction.body !== 'resource') return [];
      return faultsBehind(error, { ...body, id }).map((fault) => placeFault(fault, entry.index));
    });
    return faults.length === 0 ? error : new Refusal(error.code, error.values, faults);
  }
}

/** What is wrong with a record, seen from the refusal that it or another of its unit of work brought about. */
function faultsBehind(refusal: Refusal, resource: Resource): readonly Fault[] {
  if (refusal.code === 'record.invalid') return validate(resource);
  const isMissing =
    refusal.code === 'record.reference' && refusal.values.reference === `Patient/${patientOf(resource)}`;
  return isMissing ? refusal.faults : [];
}

/** What a conditional create would find its record by. */
function createKey({ interaction, request }: Entry): string | undefined {
  const criteria = interaction.name === 'create' ? criteriaOf(request) : undefined;
  return criteria && criteriaKey(request.type, criteria);
}

function isConditional({ request: { body, type } }: Entry, baseUrl: string): boolean {
  return conditionalReferencesIn(body, type, baseUrl).size > 0;
}

function danglingRefusal(faults: readonly Fault[]): Refusal {
  return new Refusal('record.reference', { expression: faults[0]!.path, reference: 'an entry of this bundle' }, faults);
}

/** The refusal of a conditional reference, with the element that holds it. */
function placedAt(path: string, reference: string, { code, values, message }: Refusal): Refusal {
  const said = message.includes(reference) ? message : `${reference} cannot be resolved: ${message}`;
  return new Refusal(code, values, [{ path, message: said }]);
}

/** `http://example.org/fhir/Patient/1` without `Patient/1`; undefined for a urn. */
function baseOf(fullUrl: string | undefined, type: string): string | undefined {
  const match = fullUrl === undefined ? null : /^(https?:\/\/.+\/)([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl);
  return match?.[2] === type ? match[1] : undefined;
}

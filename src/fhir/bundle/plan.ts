// What a transaction is about to write: which entry aims at which record, and what stands for what in references.

import type { Resource } from '@medplum/fhirtypes';
import { type Fault, Refusal } from '#kit/errors.ts';
import { isResourceType } from '#r4/resource-types.ts';
import { patientOf } from '#r4/search-index.ts';
import { validate } from '#r4/validate.ts';
import { criteriaKey, matchOne, readCriteria } from '../criteria.ts';
import type { Aim, Desk, Writing } from '../interaction.ts';
import { criteriaOf } from '../interactions/create.ts';
import { conditionalReferencesIn, danglingIn, readConditionalReference, resolveReferences } from '../references.ts';
import { type Entry, invalid } from './entries.ts';
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
  readonly #links = new Map<string, string>();
  readonly #bodies = new Map<number, unknown>();

  constructor(writes: readonly WriteEntry[]) {
    this.#writes = writes;
  }

  aimOf(entry: Entry): Aim {
    return this.#aims.get(entry.index)!;
  }

  async fill(desk: Desk): Promise<void> {
    const deletes = this.#writes.filter(({ interaction }) => interaction.method === 'DELETE');
    const others = this.#writes.filter(({ interaction }) => interaction.method !== 'DELETE');
    // Deletes are applied before the others aim: what is gone no longer matches their criteria.
    for (const entries of [deletes, others]) {
      for (const entry of entries) await atEntry(entry.index, () => this.#aim(desk, entry));
      for (const entry of entries) await atEntry(entry.index, () => this.#apply(desk, entry));
    }
  }

  async #aim(desk: Desk, entry: WriteEntry): Promise<void> {
    const key = createKey(entry);
    const twin = key === undefined ? undefined : this.#createdBy.get(key);
    // The second of two equal conditional creates finds what the first is about to write.
    const aim: Aim = twin ? { ...twin, action: 'none' } : await entry.does.aim(desk, entry.request);
    this.#aims.set(entry.index, aim);
    if (aim.id === undefined) return;
    if (key !== undefined && !twin) this.#createdBy.set(key, aim);
    const record = `${aim.type}/${aim.id}`;
    if (aim.action !== 'none') this.#claim(entry, record);
    if (entry.fullUrl !== undefined) this.#link(entry, entry.fullUrl, record);
  }

  /** One record may be written by one entry only (http://hl7.org/fhir/R4/http.html#trules). */
  #claim(entry: WriteEntry, record: string): void {
    const other = this.#writers.get(record);
    if (other !== undefined) throw invalid(entry.index, `it writes the same record as entry ${other}`);
    this.#writers.set(record, entry.index);
  }

  #link(entry: WriteEntry, fullUrl: string, record: string): void {
    const other = this.#links.get(fullUrl);
    if (other !== undefined && other !== record) throw invalid(entry.index, 'its fullUrl is that of another entry');
    this.#links.set(fullUrl, record);
  }

  async #apply(desk: Desk, entry: WriteEntry): Promise<void> {
    const { body, type } = entry.request;
    for (const reference of conditionalReferencesIn(body)) {
      if (!this.#links.has(reference)) this.#links.set(reference, await this.#find(desk, reference));
    }
    const dangling = danglingIn(body, this.#links);
    if (dangling.length > 0) throw danglingRefusal(type, dangling);
    const resolved = resolveReferences(body, this.#links, baseOf(entry.fullUrl, type));
    this.#bodies.set(entry.index, resolved);
    await entry.does.apply(desk, { ...entry.request, body: resolved }, this.aimOf(entry));
  }

  /** The record that a conditional reference means: of this transaction, or of the chart. */
  async #find(desk: Desk, reference: string): Promise<string> {
    const { type, criteria } = readConditionalReference(reference)!;
    const parsed = readCriteria(criteria);
    if (isResourceType(type)) {
      const id = this.#createdBy.get(criteriaKey(type, parsed))?.id ?? (await matchOne(desk, type, parsed))?.id;
      if (id !== undefined) return `${type}/${id}`;
    }
    // Only the parameters' names: their values may be a patient's.
    const named = `${type}?${[...parsed.keys()].join('&')}`;
    throw new Refusal('record.reference', { expression: 'A conditional reference', reference: named });
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

function danglingRefusal(type: string, faults: readonly Fault[]): Refusal {
  const whole = faults.map((fault) => ({ ...fault, path: `${type}.${fault.path}` }));
  return new Refusal('record.reference', { expression: whole[0]!.path, reference: 'an entry of this bundle' }, whole);
}

/** `http://example.org/fhir/Patient/1` without `Patient/1`; undefined for a urn. */
function baseOf(fullUrl: string | undefined, type: string): string | undefined {
  const match = fullUrl === undefined ? null : /^(https?:\/\/.+\/)([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl);
  return match?.[2] === type ? match[1] : undefined;
}

// Puts records into a database the way the chart does, for the tests of searches.

import type { Resource } from '@medplum/fhirtypes';
import { indexRecord, patientOf } from '#r4/search-index.ts';
import { validate } from '#r4/validate.ts';
import type { RecordWrite, SearchPage, UnitOfWork } from '#store/contract.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

export type Identified = Resource & { id: string };

export interface SearchableStore {
  readonly store: PostgresStore;
  /** Writes new records, each with the time given, and returns them as they are stored. */
  put(records: readonly Identified[], at?: string): Promise<Identified[]>;
  delete(type: string, id: string): Promise<void>;
  /** The ids that a search finds, on all of its pages, sorted. */
  ids(type: string, query: string, options?: { within?: string }): Promise<string[]>;
  close(): Promise<void>;
}

export async function searchableStore(): Promise<SearchableStore> {
  const database: FreshDatabase = await freshDatabase();
  const store = await openStore(database.connection, { poolSize: 4 });
  return {
    store,
    async put(records, at = new Date().toISOString()) {
      const stamped = records.map((record) => {
        const faults = validate(record);
        if (faults.length > 0) throw new Error(`${record.resourceType}/${record.id}: ${JSON.stringify(faults)}`);
        return { ...record, meta: { ...record.meta, versionId: '1', lastUpdated: at } };
      });
      for (let i = 0; i < stamped.length; i += 200)
        await store.commit(unit(stamped.slice(i, i + 200).map(written), at));
      return stamped;
    },
    async delete(type, id) {
      const current = await store.current(type, id);
      const index = { tokens: [], dates: [], strings: [], quantities: [] };
      const write = {
        type,
        id,
        patient: current!.patient,
        expect: current!.version,
        deleted: true,
        at: new Date().toISOString(),
        content: null,
        index,
      };
      await store.commit(unit([write], new Date().toISOString()));
    },
    async ids(type, query, options = {}) {
      const found: string[] = [];
      let next: string | undefined = query === '' ? '_count=1000' : `${query}&_count=1000`;
      while (next !== undefined) {
        const page: SearchPage = await store.search(type, next, options);
        found.push(...page.matches.map(({ id }) => id!));
        next = page.next;
      }
      return found.sort();
    },
    async close() {
      await store.close();
      await database.drop();
    },
  };
}

function written(record: Identified): RecordWrite {
  return {
    type: record.resourceType,
    id: record.id,
    patient: patientOf(record),
    expect: 0,
    deleted: false,
    at: record.meta?.lastUpdated ?? new Date().toISOString(),
    content: JSON.stringify(record),
    index: indexRecord(record),
  };
}

function unit(records: readonly RecordWrite[], at: string): UnitOfWork {
  const charts = new Set(records.map(({ type, id, patient }) => patient ?? `${type}/${id}`));
  return { charts: [...charts], at, records, events: [], executions: [], completions: [] };
}

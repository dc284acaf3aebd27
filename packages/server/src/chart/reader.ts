// Reads a chart under an authority: what isn't allowed is refused or left out, and each record is reported to the origin's sink
// before it is disclosed.

import type { Binary, ExtractResource, ResourceType } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';
import type { ChartRecord, RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import type { Located, SearchPage, Store, StoredVersion } from '#store/contract.ts';
import {
  inReach,
  reachOf,
  requireEverywhere,
  requirePermission,
  requireReach,
  requireSearch,
  requireSome,
} from './authority.ts';
import type { ChartReader, Everything, History, HistoryPage, SearchResult, Written } from './contract.ts';
import type { Disclosure, Origin } from './origin.ts';
import { ChartLists, type ReadableStore } from './lists.ts';
import { requireStillInReach } from './still-in-reach.ts';

/** Later than any version of a chart. */
const NOW = Number.MAX_SAFE_INTEGER;

export class AuthorizedReader implements ChartReader {
  readonly lists: ChartLists;
  readonly #store: Store;
  readonly #origin: Origin;

  constructor(store: ReadableStore, origin: Origin) {
    this.#store = store;
    this.#origin = origin;
    this.lists = new ChartLists({ store, origin, tell: (how, records) => this.#tell(how, records) });
  }

  require(type: string, ...permissions: readonly Permission[]): void {
    requirePermission(this.#origin, type, ...permissions);
  }

  readable(types: readonly string[]): string[] {
    return types.filter((type) => reachOf(this.#origin, type, 'r') !== 'none');
  }

  requireEverywhere(type: string, permission: Permission, action: string): void {
    requireEverywhere(this.#origin, type, permission, action);
  }

  async current<T extends string>(type: T, id: string): Promise<StoredVersion<RecordOf<T>> | undefined> {
    requirePermission(this.#origin, type, 'r');
    return this.#shown(await this.#store.current(type, id));
  }

  async version<T extends string>(
    type: T,
    id: string,
    version: number,
  ): Promise<StoredVersion<RecordOf<T>> | undefined> {
    requirePermission(this.#origin, type, 'r');
    const found = await this.#store.version(type, id, version);
    if (found) await requireStillInReach(this.#store, this.#origin, found);
    return this.#shown(found);
  }

  async history(type: string, id: string | undefined, page: HistoryPage): Promise<History> {
    // SMART treats the history of a type as a search.
    const needs = id === undefined ? (['r', 's'] as const) : (['r'] as const);
    for (const permission of needs) requireSome(this.#origin, type, permission);
    const newest = id === undefined ? undefined : await this.#newest(type, id);
    const within = this.#within(type, needs);
    const found = await this.#store.history(type, id, { ...page, ...(within && { within }) });
    this.#tell('history', found.versions);
    return { ...found, patient: newest?.patient ?? null };
  }

  async search<T extends ResourceType>(
    type: T,
    query: string,
    only: { readonly living?: true } = {},
  ): Promise<SearchResult<ExtractResource<T>>> {
    requireSearch(this.#origin, type, query);
    const { actor } = this.#origin;
    const page = await this.#store.search(type, query, {
      ...only,
      ...(actor.type !== 'system' && { caller: callerOf(actor) }),
      whose: (other, how) => this.#within(other, how === 'included' ? ['r'] : ['s']),
    });
    this.#tell('search', page.located.matches);
    this.#tell('include', page.located.included);
    return page as SearchPage & SearchResult<ExtractResource<T>>;
  }

  async everything(patient: string, { types, since, chartVersion = NOW }: Everything = {}): Promise<StoredVersion[]> {
    const { deleted } = await this.#newest('Patient', patient);
    if (deleted) throw new Refusal('record.deleted', { reference: `Patient/${patient}` });
    const shown = (await this.#store.asOf(patient, chartVersion)).filter(
      ({ type, at, patient: owner }) =>
        (types?.includes(type) ?? true) &&
        (since === undefined || Date.parse(at) >= since) &&
        inReach(this.#origin, type, 'r', owner),
    );
    this.#tell('chart', shown);
    return shown;
  }

  async contentOf(document: string, binary: string): Promise<Binary | undefined> {
    await this.#newest('DocumentReference', document);
    const content = await this.#store.current('Binary', binary);
    if (content?.record?.securityContext?.reference !== `DocumentReference/${document}`) {
      return (await this.current('Binary', binary))?.record;
    }
    this.#tell('read', [content]);
    return content.record;
  }

  async afterwards<T extends string>(
    written: Written,
    type: T,
    id: string,
  ): Promise<StoredVersion<RecordOf<T>> | undefined> {
    const isIt = (one: StoredVersion): one is StoredVersion<RecordOf<T>> => one.type === type && one.id === id;
    const left = written.versions.find(isIt);
    if (left) return left;
    const found = written.unchanged.find(isIt) ?? (await this.#store.current(type, id));
    const may = found && (['c', 'u', 'd', 'r'] as const).some((one) => inReach(this.#origin, type, one, found.patient));
    if (found && !may) requireReach(this.#origin, type, 'r', found.patient);
    if (found && !found.deleted) this.#tell('read', [found]);
    return found;
  }

  async #newest(type: string, id: string): Promise<StoredVersion> {
    requirePermission(this.#origin, type, 'r');
    const newest = await this.#store.current(type, id);
    if (!newest) throw new Refusal('record.not-found', { reference: `${type}/${id}` });
    requireReach(this.#origin, type, 'r', newest.patient);
    return newest;
  }

  #shown<R extends ChartRecord>(found: StoredVersion<R> | undefined): StoredVersion<R> | undefined {
    if (!found) return undefined;
    requireReach(this.#origin, found.type, 'r', found.patient);
    // A deletion discloses nothing.
    if (!found.deleted) this.#tell('read', [found]);
    return found;
  }

  /** The only patient whose records are in reach; undefined for all patients, null for none. */
  #within(type: string, permissions: readonly Permission[]): string | null | undefined {
    const reaches = permissions.map((permission) => reachOf(this.#origin, type, permission));
    if (reaches.includes('none')) return null;
    return reaches.includes('patient') ? this.#origin.authority.patient : undefined;
  }

  #tell(how: Disclosure['how'], records: readonly Located[]): void {
    const { disclose } = this.#origin;
    if (!disclose) return;
    for (const { type, id, version, patient } of records) disclose({ how, type, id, version, patient });
  }
}

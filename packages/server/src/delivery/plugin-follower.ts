// Keeps what is live at this node what the table of plugins says, whichever node changed it. Each change raises the
// table's revision; a node that sees a newer one than it knows loads what is new or changed and unloads what is gone.

import type { Logger } from 'pino';
import { isUnavailable } from '#store/unavailable.ts';
import type { LivePlugins } from './live-plugins.ts';
import { buildOf, type PluginTable } from './plugin-table.ts';

/** Milliseconds from one look at the revision to the next. */
const LOOK_MS = 500;

/** A revision that the table never has. */
const NOTHING = '';

export interface FollowerServices {
  readonly table: PluginTable;
  readonly live: LivePlugins;
  readonly log: Pick<Logger, 'warn'>;
  /** One after another with the changes that are made at this node. */
  change(work: () => Promise<void>): Promise<void>;
  /** Gives these plugins no events while `work` replaces them. */
  held(names: readonly string[], work: () => Promise<void>): Promise<void>;
}

export class PluginFollower {
  readonly #services: FollowerServices;
  /** The revision of the table that this node has taken in; undefined before the first. */
  #taken: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(services: FollowerServices) {
    this.#services = services;
  }

  /** Loads what is installed and enabled, before anything is delivered. */
  begin(): Promise<void> {
    return this.#services.change(() => this.#take((_names, work) => work()));
  }

  start(): void {
    this.#timer = setTimeout(() => {
      // Where the database is away, the next look finds it back.
      this.#looking = this.catchUp()
        .catch(() => {})
        .finally(() => {
          if (!this.#stopped) this.start();
        });
    }, LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** All of it is compared at the next look: what is live here may not be what the table says. */
  again(): void {
    this.#taken = NOTHING;
  }

  /** Resolves when what is live here is what the table said when it was called. */
  async catchUp(): Promise<void> {
    const { table, change, held } = this.#services;
    // Before the beginning there is nothing to keep; at its end all of it is taken in.
    if (this.#taken === undefined || (await table.revision()) === this.#taken) return;
    await change(() => this.#take(held));
  }

  async #take(held: FollowerServices['held']): Promise<void> {
    const { table, live } = this.#services;
    // Read first: what changes from here on is seen at the next look.
    const revision = await table.revision();
    if (revision === this.#taken) return;
    const enabled = (await table.stands()).filter((one) => one.enabled);
    const gone = live.names().filter((name) => !enabled.some((one) => one.name === name));
    const changed = enabled.filter((one) => live.revision(one.name) !== one.revision).map(({ name }) => name);
    if (gone.length + changed.length > 0) {
      await held([...gone, ...changed], async () => {
        await Promise.all(gone.map((name) => live.unload(name)));
        await Promise.all(changed.map((name) => this.#replace(name)));
      });
    }
    await live.takeVariables(...live.names());
    this.#taken = revision;
  }

  /** By what the table has of it now. One that does not load is failed at this node; the others go on. */
  async #replace(name: string): Promise<void> {
    const { table, live, log } = this.#services;
    const row = await table.find(name);
    if (!row?.enabled) return live.unload(name);
    try {
      await live.load(buildOf(row), row.revision);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      await live.fail(row, error);
      log.warn(
        { plugin: name, version: row.manifest.version, reason: live.failure(name) },
        'a plugin does not load here',
      );
    }
  }
}

// The table of installed plugins: what was put in, and whether it is to run.

import type { Pool } from 'pg';
import type { BACKLOG } from '@chartwire/client/internal/contract/plugins';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { HandlerInfo, PluginBuild } from '#plugin-host/contract.ts';
import { completed, type Manifest } from '#plugin-host/manifest.ts';
import type { Queryable } from '#store/transaction.ts';

/** What there is of a plugin that is installed, in a word. */
export interface PluginStand {
  readonly name: string;
  readonly enabled: boolean;
  /** Raised by each change of it; not by one of its variables. */
  readonly revision: string;
}

/** What becomes of events that were not delivered when a plugin is disabled, and of those that come until it is enabled. */
export type Backlog = (typeof BACKLOG)[number];

export interface InstalledPlugin {
  readonly manifest: Manifest;
  readonly code: string;
  readonly sourceMap: string;
  readonly digest: string;
  readonly handlers: readonly HandlerInfo[];
  readonly enabled: boolean;
  /** Of one that is disabled: whether its events wait for it, or are skipped. */
  readonly backlog: Backlog;
  readonly revision: string;
  readonly installedAt: Date;
  readonly updatedAt: Date;
}

/** Of a row that is enabled: one that was enabled already stays so since then. */
const NOW_ENABLED = 'enabled_at = CASE WHEN plugin.enabled THEN plugin.enabled_at ELSE now() END';

const SELECT = `SELECT manifest, code, source_map AS "sourceMap", digest, handlers, enabled, backlog,
  revision::text, installed_at AS "installedAt", updated_at AS "updatedAt" FROM plugin`;

export class PluginTable {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Raised by each change of any plugin and of any variable, by whichever node. */
  async revision(): Promise<string> {
    const { rows } = await this.#pool.query<{ revision: string }>({
      name: 'plugin_revision',
      text: 'SELECT revision::text FROM plugin_revision',
    });
    return rows[0]!.revision;
  }

  async stands(): Promise<PluginStand[]> {
    const { rows } = await this.#pool.query<PluginStand>('SELECT name, enabled, revision::text FROM plugin');
    return rows;
  }

  /** By name. */
  async list(): Promise<InstalledPlugin[]> {
    const { rows } = await this.#pool.query<InstalledPlugin>(`${SELECT} ORDER BY name`);
    return rows.map(installed);
  }

  async find(name: string): Promise<InstalledPlugin | undefined> {
    const { rows } = await this.#pool.query<InstalledPlugin>(`${SELECT} WHERE name = $1`, [name]);
    return rows[0] && installed(rows[0]);
  }

  /** Refuses a name that no installed plugin has. */
  async get(name: string): Promise<InstalledPlugin> {
    const found = await this.find(name);
    if (!found) throw new Refusal('plugin.not-found', { name });
    return found;
  }

  /** Puts a build in, enabled, in the place of any other by its name. Returns its revision. */
  async save(client: Queryable, build: PluginBuild, tgz: Buffer, handlers: readonly HandlerInfo[]): Promise<string> {
    const { manifest, code, sourceMap, digest } = build;
    const { rows } = await client.query<{ revision: string }>(
      `INSERT INTO plugin (name, version, manifest, package, code, source_map, digest, handlers)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (name) DO UPDATE SET version = $2, manifest = $3, package = $4, code = $5, source_map = $6, digest = $7,
          handlers = $8, enabled = true, backlog = 'keep', updated_at = now(), ${NOW_ENABLED} RETURNING revision::text`,
      [
        manifest.name,
        manifest.version,
        JSON.stringify(manifest),
        tgz,
        code,
        sourceMap,
        digest,
        JSON.stringify(handlers),
      ],
    );
    return rows[0]!.revision;
  }

  /** Refuses when it is not any more what `row` says. Returns its new revision. */
  async enable(client: Queryable, { manifest: { name }, revision }: InstalledPlugin): Promise<string> {
    const { rows } = await client.query<{ revision: string }>(
      `UPDATE plugin SET enabled = true, backlog = 'keep', ${NOW_ENABLED}
        WHERE name = $1 AND revision = $2 RETURNING revision::text`,
      [name, revision],
    );
    if (!rows[0]) throw new Refusal('plugin.changed', { name });
    return rows[0].revision;
  }

  async disable(client: Queryable, name: string, backlog: Backlog): Promise<void> {
    await client.query('UPDATE plugin SET enabled = false, backlog = $2 WHERE name = $1', [name, backlog]);
  }

  async delete(client: Queryable, name: string): Promise<void> {
    await client.query('DELETE FROM plugin WHERE name = $1', [name]);
  }
}

export function buildOf({ manifest, code, sourceMap, digest }: InstalledPlugin): PluginBuild {
  return { manifest, code, sourceMap, digest };
}

/** A manifest that an earlier version wrote is read as one of today. */
function installed(row: InstalledPlugin): InstalledPlugin {
  return { ...row, manifest: completed(row.manifest) };
}

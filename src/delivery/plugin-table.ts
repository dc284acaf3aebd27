// The table of installed plugins: what was put in, and whether it is to run.

import type { Pool } from 'pg';
import { Refusal } from '#kit/errors.ts';
import type { HandlerInfo, PluginBuild } from '#plugin-host/contract.ts';
import { completed, type Manifest } from '#plugin-host/manifest.ts';
import type { Queryable } from '#store/transaction.ts';

/** What is written of a state; that it is quarantined is known to the host alone. */
export type InstalledState = 'live' | 'disabled' | 'failed';

export interface InstalledPlugin {
  readonly manifest: Manifest;
  readonly code: string;
  readonly sourceMap: string;
  readonly digest: string;
  readonly handlers: readonly HandlerInfo[];
  readonly enabled: boolean;
  readonly state: InstalledState;
  /** Why it is not live. */
  readonly reason: string | null;
  readonly installedAt: Date;
  readonly updatedAt: Date;
}

const SELECT = `SELECT manifest, code, source_map AS "sourceMap", digest, handlers, enabled, state, reason,
  installed_at AS "installedAt", updated_at AS "updatedAt" FROM plugin`;

export class PluginTable {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
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

  /** Puts a build in, in the place of any other by its name; live and enabled. */
  async save(client: Queryable, build: PluginBuild, tgz: Buffer, handlers: readonly HandlerInfo[]): Promise<void> {
    const { manifest, code, sourceMap, digest } = build;
    await client.query(
      `INSERT INTO plugin (name, version, manifest, package, code, source_map, digest, handlers, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'live')
        ON CONFLICT (name) DO UPDATE SET version = $2, manifest = $3, package = $4, code = $5, source_map = $6, digest = $7,
          handlers = $8, state = 'live', reason = NULL, enabled = true, updated_at = now()`,
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
  }

  async setState(
    name: string,
    enabled: boolean,
    state: InstalledState,
    reason: string | null,
    client: Queryable = this.#pool,
  ): Promise<void> {
    await client.query('UPDATE plugin SET enabled = $2, state = $3, reason = $4 WHERE name = $1', [
      name,
      enabled,
      state,
      reason,
    ]);
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

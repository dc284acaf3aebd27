// The variables of plugins: named by a manifest, set by whoever runs the place; sensitive ones are written, never shown.

import type { Pool } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Manifest } from '#plugin-host/manifest.ts';

/** A variable of a plugin; the value of a sensitive one is written, never shown. */
export interface VariableView {
  readonly key: string;
  readonly value: string | null;
  readonly sensitive: boolean;
  /** False for one that the manifest names and nobody has set. */
  readonly set: boolean;
  readonly description: string;
}

/** As its handlers are given them: those that have a value. */
export type VariableValues = Readonly<Record<string, { value: string; sensitive: boolean }>>;

export class Variables {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** All that the manifest names. */
  async shown(manifest: Manifest): Promise<VariableView[]> {
    const values = await this.#stored(manifest.name);
    return manifest.variables.map((variable) => {
      const { name: key, sensitive = false, description = '' } = variable;
      const value = givenValue(variable, values) ?? null;
      return { key, value: sensitive ? null : value, sensitive, set: value !== null, description };
    });
  }

  async values(manifest: Manifest): Promise<VariableValues> {
    const values = await this.#stored(manifest.name);
    return Object.fromEntries(
      manifest.variables.flatMap((variable) => {
        const value = givenValue(variable, values);
        return value === undefined ? [] : [[variable.name, { value, sensitive: variable.sensitive ?? false }]];
      }),
    );
  }

  /** Only one that the manifest names. */
  async set({ name, variables }: Manifest, key: string, value: string): Promise<void> {
    const declared = variables.find((variable) => variable.name === key);
    if (!declared) {
      throw new Refusal('request.invalid', { reason: `the plugin ${name} has no variable named ${key}` });
    }
    await this.#pool.query(
      `INSERT INTO plugin_variable (plugin, key, value, sensitive) VALUES ($1, $2, $3, $4)
        ON CONFLICT (plugin, key) DO UPDATE SET value = $3, sensitive = $4, updated_at = now()`,
      [name, key, value, declared.sensitive ?? false],
    );
  }

  async delete(plugin: string, key: string): Promise<void> {
    await this.#pool.query('DELETE FROM plugin_variable WHERE plugin = $1 AND key = $2', [plugin, key]);
  }

  async #stored(plugin: string): Promise<Map<string, Stored>> {
    const { rows } = await this.#pool.query<Stored & { key: string }>(
      'SELECT key, value, sensitive FROM plugin_variable WHERE plugin = $1',
      [plugin],
    );
    return new Map(rows.map((row) => [row.key, row]));
  }
}

interface Stored {
  readonly value: string;
  /** Whether it was when it was set. */
  readonly sensitive: boolean;
}

/** A value that was set as a secret stays one: a later manifest that calls it plain has to be given it again. */
function givenValue(
  { name, sensitive = false, default: fallback }: Manifest['variables'][number],
  values: ReadonlyMap<string, Stored>,
): string | undefined {
  const stored = values.get(name);
  return stored && (sensitive || !stored.sensitive) ? stored.value : fallback;
}

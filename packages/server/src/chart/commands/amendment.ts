// Fields amended by plugins are checked like others. If they are invalid, the refusal names the plugins, not the clinician.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Passed } from './gates.ts';

/** Runs `work` on the fields that the gates accepted. A refusal of an amended field names the plugins that amended it. */
export async function onAmended<T>({ checks }: Passed, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const amended = checks.filter(({ outcome }) => outcome === 'amended');
    if (!(thrown instanceof Refusal) || amended.length === 0) throw thrown;
    const plugins = new Set(amended.map(({ check }) => check.split('/')[0]));
    throw new Refusal('gate.amendment', { plugin: [...plugins].join(', '), reason: thrown.message }, thrown.faults);
  }
}

// What plugins amended is checked like anybody's fields; where it will not do, they are named, not the clinician.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Passed } from './gates.ts';

/** Does `work` on the fields that gates let pass. A refusal of what they amended names the plugins that did. */
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

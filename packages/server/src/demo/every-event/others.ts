// Records of R4 types without a name of their own here, through the FHIR API: the smallest valid ones.

import type { Resource } from '@medplum/fhirtypes';
import { GENERIC_KINDS } from '@chartwire/sdk/internal/records/index';
import type { R4ResourceType } from '@chartwire/sdk/internal/records/resource-types';
import { noEffectOf } from '@chartwire/sdk/internal/records/without-effect';
import { smallest } from './smallest.ts';
import type { Step } from './step.ts';

/** Steps for those of these types that nothing else makes happen. */
export function otherSteps(types: ReadonlySet<string>): Step[] {
  return GENERIC_KINDS.filter(({ prefix }) => types.has(`${prefix}_CREATED`)).map(({ resource }) => ({
    name: resource,
    async run({ door, subject }) {
      const made = await door.create(kept(smallest(resource as R4ResourceType, subject) as Resource));
      await door.remove(await door.change(made, { language: 'en' }));
    },
  }));
}

/** The same as the server stores it; a record that would have no effect is marked as such. */
export function kept(record: Resource): Resource {
  const refused = noEffectOf(record);
  return refused ? ({ ...record, status: refused.keptAs } as Resource) : record;
}

// Records that options refer to: `123` if a field takes one type, `CareTeam/123` if it takes several.

import type { ExtractResource, Reference } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { parseReference } from '#kit/ids.ts';
import type { Option } from '#kit/schema.ts';
import type { R4ResourceType } from '#records/resource-types.ts';

/** A reference to the record, of one of `types`. Refuses a record that doesn't exist or belongs to another patient. */
export async function namedRecord<T extends R4ResourceType>(
  desk: CommandDesk,
  field: string,
  option: Option,
  types: readonly [T, ...T[]],
): Promise<Reference<ExtractResource<T>>> {
  const named = parseReference(option.value);
  const type = named ? types.find((one) => one === named.type) : await typeOf(desk, option.value, types);
  if (!type) throw desk.refused(field, `Name a record of ${types.join(' or ')}, as ${types[0]}/1.`);
  const id = named?.id ?? option.value;
  await desk.chosen(type, field, { value: id, text: option.text });
  return { reference: `${type}/${id}`, ...(option.text && { display: option.text }) };
}

/** If the type isn't given: the first with such a record. */
async function typeOf<T extends R4ResourceType>(
  desk: CommandDesk,
  id: string,
  types: readonly [T, ...T[]],
): Promise<T> {
  for (const type of types) if (types.length > 1 && (await desk.draft.read(type, id))) return type;
  return types[0];
}

/** The same for an optional field. */
export async function maybeNamed<T extends R4ResourceType>(
  desk: CommandDesk,
  field: string,
  option: Option | undefined,
  types: readonly [T, ...T[]],
): Promise<Reference<ExtractResource<T>> | undefined> {
  return option && namedRecord(desk, field, option, types);
}

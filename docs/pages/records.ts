// docs/catalogue/records.md

import { GENERIC_KINDS, NAMED_KINDS, RECORD_KINDS } from '#records/index.ts';
import { R4_RESOURCE_TYPES } from '#records/resource-types.ts';
import { code, GENERATED, link, table } from './markdown.ts';

export function recordsPage(): string {
  return [
    GENERATED,
    '# Records',
    `A chart holds FHIR R4 resources, as R4 JSON, with every version kept. It can store each of the ${R4_RESOURCE_TYPES.length} types. ` +
      `${NAMED_KINDS.length} kinds of records have names of their own, and their events begin with that name. The kind of any other record is ` +
      `its type. In all there are ${RECORD_KINDS.length} kinds.`,
    '## Kinds with a name',
    table(
      ['kind', 'events begin with', 'R4 resource', 'distinguished by', 'transitions'],
      NAMED_KINDS.map((kind) => [
        link(kind.label, 'events.md'),
        code(kind.prefix),
        kind.resource,
        'where' in kind ? kind.where : '',
        Object.keys('transitions' in kind ? kind.transitions : {})
          .map(code)
          .join(' '),
      ]),
    ),
    '## Other R4 types',
    table(
      ['R4 resource', 'events begin with', 'which of them'],
      GENERIC_KINDS.map(({ resource, prefix, where = '' }) => [resource, code(prefix), where]),
    ),
  ].join('\n\n');
}

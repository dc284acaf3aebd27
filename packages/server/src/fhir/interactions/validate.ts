// [type]/$validate: why a write of this resource would be refused, without writing it, and which parts aren't checked.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { ChartReader } from '#chart/contract.ts';
import { type InterviewFindings, interviewFindings } from '#chart/interviews.ts';
import { refusalOfRecord } from '#chart/unit.ts';
import { type CanonicalType, type Finder, searchNamed } from '@chartwire/sdk/internal/commands/canonicals';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { FhirRequest, Reading } from '../interaction.ts';
import { outcomeOfFaults } from '../outcome.ts';
import { localReferences } from '../references.ts';
import { uncheckedIn } from '../unchecked.ts';
import { resourceOf } from './resource-body.ts';

/** http://hl7.org/fhir/R4/resource-operation-validate.html: the resource itself, or in Parameters as `resource`. */
export const validate: Reading = {
  kind: 'reading',
  async run(door, request) {
    const parameters = parametersIn(request.body, request.type);
    const body = parameters ? parameters.find(({ name }) => name === 'resource')?.resource : request.body;
    const whole = resourceOf({ ...request, body });
    const resource = localReferences(whole, whole.resourceType, door.baseUrl);
    const refusal = refusalOfRecord(resource);
    const { faults, unchecked } = refusal
      ? { faults: faultsOf(refusal), unchecked: [] }
      : await answersOf(resource, door.reader);
    // What has no valid form can't be asked for its profiles.
    const asked = profilesAsked(request, parameters ?? []);
    const claims = faults.some(({ path }) => path.startsWith(`${resource.resourceType}.meta`))
      ? { resourceType: resource.resourceType }
      : resource;
    return {
      status: 200,
      resource: outcomeOfFaults(faults, [...uncheckedIn(claims as Resource, asked), ...unchecked]),
    };
  },
};

function faultsOf({ faults, message, next, issue }: Refusal): readonly Fault[] {
  return faults.length > 0 ? faults : [{ path: '', message: `${message} ${next}`, issue }];
}

const UNREADABLE: ReadonlySet<string> = new Set(['access.forbidden', 'access.outside-chart']);

async function answersOf(resource: Resource, reader: ChartReader): Promise<InterviewFindings> {
  if (resource.resourceType !== 'QuestionnaireResponse') return { faults: [], unchecked: [] };
  try {
    return await interviewFindings(resource, finderOf(reader));
  } catch (error) {
    if (!(error instanceof Refusal) || !UNREADABLE.has(error.code)) throw error;
    const message = 'The answers are not checked here: you may not read questionnaires. A write checks them.';
    return { faults: [], unchecked: [{ path: 'QuestionnaireResponse.questionnaire', message, issue: 'forbidden' }] };
  }
}

function finderOf(reader: ChartReader): Finder {
  return {
    async read<T extends CanonicalType>(type: T, id: string) {
      return (await reader.current(type, id))?.record as Extract<Resource, { resourceType: T }> | undefined;
    },
    named: (type, url, version) =>
      searchNamed({ search: async (of, query) => (await reader.search(of, query)).matches }, type, url, version),
  };
}

function profilesAsked({ query }: FhirRequest, parameters: readonly Record<string, unknown>[]): string[] {
  const named = parameters
    .filter(({ name }) => name === 'profile')
    .map(({ valueUri, valueCanonical, valueString }) => valueUri ?? valueCanonical ?? valueString);
  return [...new Set([...query.getAll('profile'), ...named])].filter((one) => typeof one === 'string');
}

function parametersIn(body: unknown, type: ResourceType): readonly Record<string, unknown>[] | undefined {
  if (type === 'Parameters' || !isObject(body) || body.resourceType !== 'Parameters') return undefined;
  const parameters: unknown[] = Array.isArray(body.parameter) ? body.parameter : [];
  return parameters.filter(isObject);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

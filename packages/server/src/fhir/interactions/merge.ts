// Patient/$merge: two charts of one person become one. https://hl7.org/fhir/R5/patient-operation-merge.html

import type { OperationOutcome, Parameters, ParametersParameter, Patient } from '@medplum/fhirtypes';
import { DIFFERENCE_WORDS, type Difference } from '#chart/merges/compare.ts';
import { DIFFERENCES } from '@chartwire/client/internal/contract/merges';
import { type MergePlan, mergeCharts, mergeKeys, planMerge } from '#chart/merges/merge.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { writer } from '../door.ts';
import type { Door, Operating } from '../interaction.ts';
import { isObject } from '../json-object.ts';
import { localReferences } from '../references.ts';

/**
 * In: Parameters with `source-patient` and `target-patient` (valueReference), or `source-patient-identifier` and
 * `target-patient-identifier` (valueIdentifier, any number), `result-patient`, `preview`; beside R5's own, `confirm` (valueCode)
 * for each difference that is no mistake, and `reason` (valueString). Out: Parameters with `input`, `outcome` and `result`.
 */
export const merge: Operating = {
  kind: 'operating',
  async run(door, { type, body }, action) {
    if (type !== 'Patient') throw new Refusal('route.unknown', { method: 'POST', path: `${type}/$merge` });
    // Before the search for identifiers: what it finds is not for those who may not merge.
    door.reader.requireEverywhere('Patient', 'u', 'merge charts');
    const input = parametersIn(body);
    const asked = localReferences(input, 'Parameters', door.baseUrl);
    const [source, target] = [await patientIn(door, asked, 'source'), await patientIn(door, asked, 'target')];
    const result = resultIn(asked, target);
    const preview = one(asked, 'preview')?.valueBoolean ?? false;
    const reason = one(asked, 'reason')?.valueString;
    const wish = { source, target, actor: door.origin.actor, reason, confirm: confirmIn(asked), result };
    const { result: plan } = await door.chart.withChart(
      writer(door, action),
      (draft) => (preview ? planMerge(draft, wish) : mergeCharts(draft, wish)),
      { exclusive: mergeKeys(wish) },
    );
    const now = preview ? undefined : await door.reader.current('Patient', target);
    const answer: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'input', resource: input },
        { name: 'outcome', resource: outcomeOf(plan, preview) },
        ...(now?.record ? [{ name: 'result', resource: now.record }] : []),
      ],
    };
    return { status: 200, resource: answer, patient: target };
  },
};

function parametersIn(body: unknown): Parameters {
  const parameter = isObject(body) && body.resourceType === 'Parameters' ? body.parameter : undefined;
  if (!Array.isArray(parameter) || !parameter.every((item) => isObject(item) && typeof item.name === 'string')) {
    throw invalid('the body must be a Parameters resource with parameters that have names');
  }
  return body as Parameters;
}

function all({ parameter = [] }: Parameters, name: string): ParametersParameter[] {
  return parameter.filter((item) => item.name === name);
}

function one(parameters: Parameters, name: string): ParametersParameter | undefined {
  const [found, ...others] = all(parameters, name);
  if (others.length > 0) throw invalid(`the parameter ${name} must be there once`);
  return found;
}

/** The patient that a reference and identifiers name; they must agree. */
async function patientIn(door: Door, parameters: Parameters, which: 'source' | 'target'): Promise<string> {
  const reference = one(parameters, `${which}-patient`)?.valueReference;
  const named = parseReference(reference?.reference);
  if (reference !== undefined && named?.type !== 'Patient') {
    throw invalid(`the parameter ${which}-patient must have a valueReference to a Patient of this server`);
  }
  const identifiers = all(parameters, `${which}-patient-identifier`).map(
    ({ valueIdentifier: { system, value } = {} }) => {
      if (!value) throw invalid(`the parameter ${which}-patient-identifier must have a valueIdentifier with a value`);
      return `${system === undefined ? '' : `${escaped(system)}|`}${escaped(value)}`;
    },
  );
  if (identifiers.length === 0) {
    if (named) return named.id;
    throw invalid(`the parameter ${which}-patient or ${which}-patient-identifier must be there`);
  }
  const query = new URLSearchParams(identifiers.map((token): [string, string] => ['identifier', token]));
  if (named) query.set('_id', named.id);
  const found = (await door.reader.search('Patient', String(query))).matches.flatMap(({ id }) => id ?? []);
  if (found.length === 0) throw invalid(`no patient has what ${which}-patient-identifier says`);
  if (found.length > 1) throw new Refusal('record.multiple-matches', { count: found.length });
  return found[0]!;
}

/** `,`, `|`, `$` and `\` are the grammar's: http://hl7.org/fhir/R4/search.html#escaping */
function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&');
}

function resultIn(parameters: Parameters, target: string): Patient | undefined {
  const resource = one(parameters, 'result-patient')?.resource;
  if (resource === undefined) return undefined;
  if (resource.resourceType !== 'Patient' || resource.id !== target) {
    throw invalid('the resource of result-patient must be a Patient with the id of the target');
  }
  return resource;
}

function confirmIn(parameters: Parameters): Difference['what'][] {
  return all(parameters, 'confirm').map(({ valueCode }) => {
    const what = DIFFERENCES.find((known) => known === valueCode);
    if (!what) throw invalid(`the parameter confirm must have one of the valueCodes ${DIFFERENCES.join(', ')}`);
    return what;
  });
}

function outcomeOf({ counts, differences }: MergePlan, preview: boolean): OperationOutcome {
  const told = Object.entries(counts).map(([type, count]) => `${count} ${type}`);
  const moved = told.length > 0 ? told.join(', ') : 'no records';
  return {
    resourceType: 'OperationOutcome',
    issue: [
      { severity: 'information', code: 'informational', diagnostics: `${preview ? 'Would move' : 'Moved'} ${moved}.` },
      ...differences.map(({ what, confirm }) => ({
        severity: confirm ? ('warning' as const) : ('information' as const),
        code: 'business-rule' as const,
        diagnostics: `The charts differ in ${DIFFERENCE_WORDS[what]}.${confirm ? ` Confirm it with the code ${what}.` : ''}`,
      })),
    ],
  };
}

function invalid(reason: string): Refusal {
  return new Refusal('request.invalid', { reason });
}

// What the laboratory found: for each panel an order, a report, and an observation for each value.

import type { DiagnosticReport, Observation, Reference, ServiceRequest } from '@medplum/fhirtypes';
import { DIAGNOSTIC_SERVICE, LOINC, OBSERVATION_CATEGORY, SNOMED } from '@chartwire/sdk/internal/kit/systems';
import { addMinutes, fhirInstant } from './calendar.ts';
import { ANALYTES, type Analyte, type AnalyteName, FINDINGS, type FindingName, type Sex } from './codes/analytes.ts';
import { concept, hl7, quantity } from './codes/concept.ts';
import { PANELS, type PanelName } from './codes/panels.ts';
import { icd10 } from './conditions.ts';
import { boundFor, Draws } from './draws.ts';
import { during, type KeptVisit, type Life } from './life.ts';

/** Hours from the blood draw to the result. */
const TURNAROUND = 20;

export function labs(life: Life): (ServiceRequest | DiagnosticReport | Observation)[] {
  const draws = new Draws(life);
  const results = life.visits.flatMap((visit) =>
    (visit.labs ?? []).flatMap((panel) => panelResults(life, draws, visit, panel)),
  );
  const open = (life.story.orders ?? []).map(({ panel, when }) => {
    const occurrenceDateTime = fhirInstant(addMinutes(life.calendar.workday(when), 10 * 60));
    return order(life, `open ${panel}`, panel, { authoredOn: during(life.lastVisit, 15), occurrenceDateTime });
  });
  return [...results, ...open];
}

function panelResults(life: Life, draws: Draws, visit: KeptVisit, panel: PanelName) {
  const key = `${visit.encounter.reference} ${panel}`;
  const drawn = during(visit, 20);
  const issued = fhirInstant(addMinutes(visit.start, TURNAROUND * 60));
  const request = order(life, key, panel, {
    status: 'completed',
    encounter: visit.encounter,
    authoredOn: during(visit, 15),
    reasonCode: [icd10(visit.for)],
  });
  const results = PANELS[panel].analytes.map((name): Observation => {
    const result = isFinding(name) ? finding(name) : value(name, draws.value(visit, name), life.story.sex);
    return {
      resourceType: 'Observation',
      id: life.id('Observation', `${key} ${name}`),
      basedOn: [referenceTo(request)],
      status: 'final',
      category: [concept(OBSERVATION_CATEGORY, 'laboratory', 'Laboratory')],
      subject: life.patient,
      encounter: visit.encounter,
      effectiveDateTime: drawn,
      issued,
      performer: [life.practice.laboratory],
      ...result,
    };
  });
  const report: DiagnosticReport = {
    resourceType: 'DiagnosticReport',
    id: life.id('DiagnosticReport', key),
    basedOn: [referenceTo(request)],
    status: 'final',
    category: [concept(DIAGNOSTIC_SERVICE, 'LAB', 'Laboratory')],
    code: concept(LOINC, PANELS[panel].loinc, PANELS[panel].display),
    subject: life.patient,
    encounter: visit.encounter,
    effectiveDateTime: drawn,
    issued,
    performer: [life.practice.laboratory],
    result: results.map(referenceTo),
  };
  return [request, ...results, report];
}

function order(life: Life, key: string, panel: PanelName, rest: Partial<ServiceRequest>): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    id: life.id('ServiceRequest', key),
    status: 'active',
    intent: 'order',
    category: [concept(SNOMED, '108252007', 'Laboratory procedure')],
    code: concept(LOINC, PANELS[panel].loinc, PANELS[panel].display),
    subject: life.patient,
    requester: life.practice.clinician(life.story.clinician),
    performer: [life.practice.laboratory],
    ...rest,
  };
}

function isFinding(name: AnalyteName | FindingName): name is FindingName {
  return name in FINDINGS;
}

function finding(name: FindingName) {
  const { loinc, display, result } = FINDINGS[name];
  return { code: concept(LOINC, loinc, display), valueString: result };
}

/** A value as the laboratory reports it: with the range that is normal for this sex, and where in it the value lies. */
function value(name: AnalyteName, measured: number, sex: Sex): Pick<Observation, 'code'> & Partial<Observation> {
  const { loinc, display, unit, ucum, ...bounds }: Analyte = ANALYTES[name];
  const low = boundFor(bounds.low, sex);
  const high = boundFor(bounds.high, sex);
  const flag = low !== undefined && measured < low ? 'L' : high !== undefined && measured > high ? 'H' : 'N';
  return {
    code: concept(LOINC, loinc, display),
    valueQuantity: quantity(measured, unit, ucum),
    interpretation: [concept(hl7('v3-ObservationInterpretation'), flag, { L: 'Low', H: 'High', N: 'Normal' }[flag])],
    referenceRange: [
      {
        ...(low === undefined ? {} : { low: quantity(low, unit, ucum) }),
        ...(high === undefined ? {} : { high: quantity(high, unit, ucum) }),
      },
    ],
  };
}

function referenceTo<R extends ServiceRequest | Observation>({ resourceType, id }: R): Reference<R> {
  return { reference: `${resourceType}/${id}` };
}

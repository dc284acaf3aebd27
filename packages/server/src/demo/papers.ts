// What others sent: imaging reports and documents.

import type { DiagnosticReport, DocumentReference } from '@medplum/fhirtypes';
import { DIAGNOSTIC_SERVICE, LOINC } from '@chartwire/sdk/internal/kit/systems';
import { addMinutes, fhirInstant } from './calendar.ts';
import { concept } from './codes/concept.ts';
import { DOCUMENTS, STUDIES } from './codes/documents.ts';
import type { Life } from './life.ts';

const SECTIONS = { RAD: 'Radiology', RUS: 'Radiology Ultrasound' } as const;

export function papers(life: Life): (DiagnosticReport | DocumentReference)[] {
  return [...imaging(life), ...documents(life)];
}

function imaging(life: Life): DiagnosticReport[] {
  return (life.story.imaging ?? []).map(({ study, when, conclusion }) => {
    const { loinc, display, section } = STUDIES[study];
    const taken = addMinutes(life.calendar.workday(when), 10 * 60);
    return {
      resourceType: 'DiagnosticReport',
      id: life.id('DiagnosticReport', study),
      status: 'final',
      category: [concept(DIAGNOSTIC_SERVICE, section, SECTIONS[section])],
      code: concept(LOINC, loinc, display),
      subject: life.patient,
      effectiveDateTime: fhirInstant(taken),
      issued: fhirInstant(addMinutes(taken, 180)),
      conclusion,
    };
  });
}

function documents(life: Life): DocumentReference[] {
  return (life.story.documents ?? []).map(({ kind, when, title, text }) => {
    const written = addMinutes(life.calendar.workday(when), 15 * 60);
    return {
      resourceType: 'DocumentReference',
      id: life.id('DocumentReference', title),
      status: 'current',
      docStatus: 'final',
      type: concept(LOINC, DOCUMENTS[kind].loinc, DOCUMENTS[kind].display),
      subject: life.patient,
      date: fhirInstant(written),
      description: title,
      custodian: life.practice.organization,
      content: [
        {
          attachment: {
            contentType: 'text/plain; charset=utf-8',
            data: Buffer.from(text, 'utf8').toString('base64'),
            title,
            creation: fhirInstant(written),
          },
        },
      ],
    };
  });
}

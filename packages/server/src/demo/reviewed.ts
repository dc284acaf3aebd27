// Reports reviewed long ago; only the latest wait for a review.

import type { DiagnosticReport, DocumentReference, Resource } from '@medplum/fhirtypes';
import { EXTENSION, REVIEW } from '@chartwire/sdk/internal/kit/systems';
import { REVIEWED } from '@chartwire/sdk/internal/records/review';
import { addDays, addMinutes, fhirInstant } from './calendar.ts';
import type { Life } from './life.ts';

/** Days in which a report is reviewed. */
const DAYS = 14;

export function reviewed(life: Life, record: Resource): Resource {
  const came = cameAt(record);
  if (came === undefined || new Date(came) > addDays(life.calendar.today, -DAYS)) return record;
  const by = life.practice.clinician(life.story.clinician);
  const at = fhirInstant(addMinutes(new Date(came), 60));
  const report = record as DiagnosticReport | DocumentReference;
  return {
    ...report,
    meta: { ...report.meta, tag: [...(report.meta?.tag ?? []), { system: REVIEW, code: REVIEWED }] },
    extension: [
      ...(report.extension ?? []),
      {
        url: EXTENSION.review,
        extension: [
          { url: 'at', valueDateTime: at },
          { url: 'by', valueReference: by },
        ],
      },
    ],
  };
}

function cameAt(record: Resource): string | undefined {
  if (record.resourceType === 'DiagnosticReport') return record.issued ?? record.effectiveDateTime;
  return record.resourceType === 'DocumentReference' ? record.date : undefined;
}

// Reviews of reports, as they are kept on a result or a document: who looked at it, when, and of which version. A laboratory
// value that comes without a report is reviewed by itself.

import type { DiagnosticReport, DocumentReference, Extension, Observation, Reference } from '@medplum/fhirtypes';
import { EXTENSION, REVIEW } from '#kit/systems.ts';
import { labelsOf } from './labels.ts';

/** What may be reviewed. */
export type Report = DiagnosticReport | DocumentReference | Observation;

export const REVIEWED = 'reviewed';
/** On an Observation that waits for a review by itself. A report or a document without a mark waits. */
export const UNREVIEWED = 'unreviewed';

/** Who looked at a report, and when. */
export interface Review {
  /** ISO 8601. */
  readonly at: string;
  readonly by: Reference;
  readonly comment: string | null;
  /** Of the report, as it was looked at; null for a review from before that was kept. */
  readonly version: number | null;
}

/** Somebody looked at it as it is now. */
export function isReviewed(report: Report): boolean {
  return labelsOf(report, REVIEW).includes(REVIEWED);
}

/** It is in the list of what somebody must look at. */
export function waitsForReview(report: Report): boolean {
  if (report.resourceType !== 'Observation') return !isReviewed(report);
  return labelsOf(report, REVIEW).includes(UNREVIEWED);
}

/** The reviews of a report as it is or was, the latest first. */
export function reviewsOf({ extension = [] }: Report): Review[] {
  const reviews = extension.filter(({ url }) => url === EXTENSION.review);
  return reviews.flatMap(({ extension: parts }) => readReview(parts) ?? []).toReversed();
}

function readReview(parts: readonly Extension[] | undefined): Review | undefined {
  const of = (name: string): Extension | undefined => parts?.find(({ url }) => url === name);
  const at = of('at')?.valueDateTime;
  if (at === undefined) return undefined;
  const by = of('by');
  return {
    at,
    by: by?.valueReference ?? { display: by?.valueString ?? '' },
    comment: of('comment')?.valueString ?? null,
    version: of('version')?.valuePositiveInt ?? null,
  };
}

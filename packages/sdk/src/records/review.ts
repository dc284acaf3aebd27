// Reviews of reports, stored on a result or document: who reviewed it, when, and which version. A laboratory value without a
// report is reviewed on its own.

import type { DiagnosticReport, DocumentReference, Extension, Observation, Reference } from '@medplum/fhirtypes';
import { EXTENSION, REVIEW } from '#kit/systems.ts';
import { labelsOf } from './labels.ts';

/** What may be reviewed. */
export type Report = DiagnosticReport | DocumentReference | Observation;

export const REVIEWED = 'reviewed';
/** On an Observation that waits for a review on its own. Reports and documents wait without a mark. */
export const UNREVIEWED = 'unreviewed';

/** Who reviewed a report, and when. */
export interface Review {
  /** ISO 8601. */
  readonly at: string;
  readonly by: Reference;
  readonly comment: string | null;
  /** The reviewed version of the report; null for reviews from before it was stored. */
  readonly version: number | null;
}

/** Its current version has been reviewed. */
export function isReviewed(report: Report): boolean {
  return labelsOf(report, REVIEW).includes(REVIEWED);
}

/** It is in the list of items to review. */
export function waitsForReview(report: Report): boolean {
  if (report.resourceType !== 'Observation') return !isReviewed(report);
  return labelsOf(report, REVIEW).includes(UNREVIEWED);
}

/** The reviews of a report, latest first. */
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

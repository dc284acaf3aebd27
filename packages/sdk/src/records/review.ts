// Reviews of reports, as they are kept on a result or a document: who looked at it, when, and of which version.

import type { DiagnosticReport, DocumentReference, Extension, Reference } from '@medplum/fhirtypes';
import { EXTENSION, REVIEW } from '#kit/systems.ts';
import { labelsOf } from './labels.ts';

export type Report = DiagnosticReport | DocumentReference;

export const REVIEWED = 'reviewed';

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

// Reports that somebody looked at: a result or a document is reviewed, by whom, when and with what comment.

import type { DiagnosticReport, DocumentReference, Extension, Reference } from '@medplum/fhirtypes';
import type { Draft } from '#kit/draft.ts';
import type { Actor } from '#kit/event.ts';
import { EXTENSION, REVIEW } from '#kit/systems.ts';
import { labelsOf, relabelled } from '#records/labels.ts';
import { authorOf } from './commands/desk.ts';

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

/** Marks it as reviewed; the reviews before it stay. */
export function review<R extends Report & { id: string }>(
  draft: Draft,
  report: R,
  {
    actor,
    comment,
    version,
  }: { readonly actor: Actor; readonly comment: string | undefined; readonly version: number },
): Promise<R> {
  const by = authorOf(actor);
  const told: Extension = {
    url: EXTENSION.review,
    extension: [
      { url: 'at', valueDateTime: draft.at },
      { url: 'by', ...(by ? { valueReference: by } : { valueString: actor.display ?? actor.id }) },
      { url: 'version', valuePositiveInt: version },
      ...(comment === undefined ? [] : [{ url: 'comment', valueString: comment }]),
    ],
  };
  const reviewed = { ...report, extension: [...(report.extension ?? []), told] };
  return draft.update(relabelled(interpreted(reviewed, by), REVIEW, { add: [REVIEWED] }));
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

/** Who reviews a diagnostic report interprets its results. */
function interpreted<R extends Report>(report: R, by: Reference | undefined): R {
  if (report.resourceType !== 'DiagnosticReport' || !by) return report;
  const known = report.resultsInterpreter ?? [];
  if (known.some(({ reference }) => reference === by.reference)) return report;
  return { ...report, resultsInterpreter: [...known, by] };
}

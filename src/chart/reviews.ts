// Reports that somebody looked at: a result or a document is reviewed, by whom, when and with what comment.

import type { DiagnosticReport, DocumentReference, Extension, Reference } from '@medplum/fhirtypes';
import type { Draft } from '#kit/draft.ts';
import type { Actor } from '#kit/event.ts';
import { EXTENSION, REVIEW } from '#kit/systems.ts';
import { relabelled } from '#records/labels.ts';
import { authorOf } from './commands/desk.ts';

export type Report = DiagnosticReport | DocumentReference;

export const REVIEWED = 'reviewed';

/** Who looked at a report, and when. */
export interface Review {
  /** ISO 8601. */
  readonly at: string;
  readonly by: Reference;
  readonly comment: string | null;
}

/** Marks it as reviewed; a review after another takes its place. */
export function review<R extends Report & { id: string }>(
  draft: Draft,
  report: R,
  actor: Actor,
  comment: string | undefined,
): Promise<R> {
  const by = authorOf(actor);
  const told: Extension = {
    url: EXTENSION.review,
    extension: [
      { url: 'at', valueDateTime: draft.at },
      { url: 'by', ...(by ? { valueReference: by } : { valueString: actor.display ?? actor.id }) },
      ...(comment === undefined ? [] : [{ url: 'comment', valueString: comment }]),
    ],
  };
  const others = report.extension?.filter(({ url }) => url !== EXTENSION.review) ?? [];
  const reviewed = { ...report, extension: [...others, told] };
  return draft.update(relabelled(interpreted(reviewed, by), REVIEW, { add: [REVIEWED] }));
}

export function reviewOf({ extension }: Report): Review | null {
  const told = extension?.find(({ url }) => url === EXTENSION.review)?.extension;
  const of = (name: string): Extension | undefined => told?.find(({ url }) => url === name);
  const at = of('at')?.valueDateTime;
  if (at === undefined) return null;
  const by = of('by');
  return {
    at,
    by: by?.valueReference ?? { display: by?.valueString ?? '' },
    comment: of('comment')?.valueString ?? null,
  };
}

/** Who reviews a diagnostic report interprets its results. */
function interpreted<R extends Report>(report: R, by: Reference | undefined): R {
  if (report.resourceType !== 'DiagnosticReport' || !by) return report;
  const known = report.resultsInterpreter ?? [];
  if (known.some(({ reference }) => reference === by.reference)) return report;
  return { ...report, resultsInterpreter: [...known, by] };
}

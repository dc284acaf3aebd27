// Reviews a report: someone has looked at a result or document, with an optional comment.

import type { Extension, Reference } from '@medplum/fhirtypes';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { EXTENSION, REVIEW } from '@chartwire/sdk/internal/kit/systems';
import { relabelled } from '@chartwire/sdk/internal/records/labels';
import { type Report, REVIEWED, UNREVIEWED } from '@chartwire/sdk/internal/records/review';
import { authorOf } from './commands/desk.ts';
import type { ChartDraft, DraftRecord } from './draft.ts';

/** Reviews written by `review`. Any other in a draft is only a claim by its writer. */
const written = new WeakMap<DraftRecord, Extension>();

/** The review that the draft itself makes of a report. */
export function reviewIn(record: DraftRecord): Extension | undefined {
  return written.get(record);
}

/** Marks it as reviewed and keeps earlier reviews. */
export async function review<R extends Report & { id: string }>(
  draft: ChartDraft,
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
  const updated = await draft.update(
    relabelled(interpreted(reviewed, by), REVIEW, { add: [REVIEWED], remove: [UNREVIEWED] }),
  );
  written.set(draft.records.find(({ type, id }) => type === report.resourceType && id === report.id)!, told);
  return updated;
}

/** The reviewer of a diagnostic report is its results interpreter. */
function interpreted<R extends Report>(report: R, by: Reference | undefined): R {
  if (report.resourceType !== 'DiagnosticReport' || !by) return report;
  const known = report.resultsInterpreter ?? [];
  if (known.some(({ reference }) => reference === by.reference)) return report;
  return { ...report, resultsInterpreter: [...known, by] };
}

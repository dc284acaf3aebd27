// A review is of what a report said at the time. When the report changes afterwards, or a result in it, it has to be looked
// at again: it loses its mark, and the reviews it had stay on it.

import { isDeepStrictEqual } from 'node:util';
import type { Extension, Observation, Resource } from '@medplum/fhirtypes';
import { EXTENSION, REVIEW } from '#kit/systems.ts';
import { relabelled } from '#records/labels.ts';
import { isReviewed, type Report, REVIEWED } from '#records/review.ts';
import type { ChartDraft, DraftRecord } from '../draft.ts';
import { ownerOf } from '../entry.ts';
import type { Rule } from './rule.ts';

type Changed<R> = Omit<DraftRecord, 'before' | 'after'> & { readonly before: R; readonly after: R };

export const reviewAgain: Rule = {
  types: ['DiagnosticReport', 'DocumentReference', 'Observation'],
  // A result must not change unseen between the look at it and the review.
  keys: (draft) => {
    const owners = [...reportsIn(draft), ...resultsIn(draft)].map(({ before }) => ownerOf(before));
    return [...new Set(owners)].map((patient) => `Reviews of Patient/${patient}`);
  },
  async apply(draft) {
    for (const report of reportsIn(draft)) await keepReviews(draft, report);
    const results = resultsIn(draft);
    const [by] = results.map((result) => result.by);
    for (const report of await reviewedWith(
      draft,
      results.map(({ id }) => id),
    )) {
      draft.effect = by;
      await draft.update(unmarked(report));
    }
  },
};

// ── reports

/** Those that have reviews, before or after. */
function reportsIn(draft: ChartDraft): Changed<Report & { id: string }>[] {
  return draft.records.flatMap(({ before, after, ...record }) => {
    const [was, is] = [before?.resource, after];
    if (!isReport(was) || !isReport(is)) return [];
    return [was, is].some((one) => reviewExtensions(one).length > 0) ? [{ ...record, before: was, after: is }] : [];
  });
}

function isReport(resource: Resource | null | undefined): resource is Report & { id: string } {
  return resource?.resourceType === 'DiagnosticReport' || resource?.resourceType === 'DocumentReference';
}

/** Who sends a report anew knows nothing of its reviews: they are kept. Its mark is, while it says what it said. */
async function keepReviews(draft: ChartDraft, { before, after, by }: Changed<Report & { id: string }>): Promise<void> {
  const [had, has] = [reviewExtensions(before), reviewExtensions(after)];
  const lost = had.filter((one) => !has.some((other) => isDeepStrictEqual(one, other)));
  const isReview = has.some((one) => !had.some((other) => isDeepStrictEqual(one, other)));
  const kept = lost.length === 0 ? after : { ...after, extension: [...(after.extension ?? []), ...lost] };
  const says = !isReview && isReviewed(kept) && !isDeepStrictEqual(saidBy(before), saidBy(after));
  const same = !isReview && lost.length > 0 && isReviewed(before) && isDeepStrictEqual(saidBy(before), saidBy(after));
  const marked = says ? unmarked(kept) : same ? relabelled(kept, REVIEW, { add: [REVIEWED] }) : kept;
  if (marked === after) return;
  draft.effect = by;
  await draft.update(marked);
}

function reviewExtensions({ extension = [] }: Report): readonly Extension[] {
  return extension.filter(({ url }) => url === EXTENSION.review);
}

/** Without what a review itself changes. */
function saidBy(report: Report): Resource {
  const { meta: _, extension = [], ...rest } = report;
  const own = extension.filter(({ url }) => url !== EXTENSION.review);
  const said = { ...rest, ...(own.length > 0 && { extension: own }) } as Report;
  if (said.resourceType !== 'DiagnosticReport') return said;
  const { resultsInterpreter: __, ...others } = said;
  return others;
}

function unmarked<R extends Report>(report: R): R {
  return relabelled(report, REVIEW, { remove: [REVIEWED] });
}

// ── results

/** Those that say something else than before. */
function resultsIn(draft: ChartDraft): Changed<Observation>[] {
  return draft.records.flatMap(({ before, after, ...record }) => {
    const was = before?.resource;
    if (was?.resourceType !== 'Observation') return [];
    const is = after?.resourceType === 'Observation' ? after : { ...was, status: 'entered-in-error' as const };
    const [{ meta: _, ...said }, { meta: __, ...says }] = [was, is];
    return isDeepStrictEqual(said, says) ? [] : [{ ...record, before: was, after: is }];
  });
}

/** More levels than panels have. */
const MAX_LEVELS = 16;

/** The reviewed reports that have one of these results, by itself or in a panel. */
async function reviewedWith(draft: ChartDraft, ids: readonly string[]): Promise<(Report & { id: string })[]> {
  const seen = new Set<string>();
  const reports = new Map<string, Report & { id: string }>();
  for (let level = ids, depth = 0; level.length > 0 && depth < MAX_LEVELS; depth++) {
    for (const id of level) seen.add(id);
    const named = encodeURIComponent(level.map((id) => `Observation/${id}`).join(','));
    const mark = encodeURIComponent(`${REVIEW}|${REVIEWED}`);
    for (const { id } of await draft.search('DiagnosticReport', `result=${named}&_tag=${mark}&_count=1000`)) {
      const report = id === undefined ? undefined : await draft.read('DiagnosticReport', id);
      if (report && isReviewed(report)) reports.set(id!, { ...report, id: id! });
    }
    const panels = await draft.search('Observation', `has-member=${named}&_count=1000`);
    level = [...new Set(panels.flatMap(({ id }) => id ?? []))].filter((id) => !seen.has(id));
  }
  return [...reports.values()];
}

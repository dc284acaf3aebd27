// A review covers what a report said at the time. If the report or one of its results changes afterwards, it must be reviewed
// again: it loses its mark, and keeps its reviews. Only Chartwire writes reviews and the mark: a writer's values are replaced by
// the stored ones.

import { isDeepStrictEqual } from 'node:util';
import type { Extension, Resource } from '@medplum/fhirtypes';
import { EXTENSION, REVIEW } from '@chartwire/sdk/internal/kit/systems';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import { labelsOf, relabelled } from '@chartwire/sdk/internal/records/labels';
import { isReviewed, type Report, REVIEWED, UNREVIEWED } from '@chartwire/sdk/internal/records/review';
import type { ChartDraft, DraftRecord } from '../draft.ts';
import { ownerOf } from '../entry.ts';
import { reviewIn } from '../reviews.ts';
import type { Rule } from './rule.ts';

export const reviewAgain: Rule = {
  types: ['DiagnosticReport', 'DocumentReference', 'Observation'],
  // A result must not change unnoticed between viewing and review.
  keys: (draft) => {
    const patients = [
      ...reportsIn(draft).map(({ before, after }) => ownerOf(before ?? after)),
      ...resultsIn(draft).map(({ patient }) => patient),
    ];
    return [...new Set(patients)].map((patient) => `Reviews of Patient/${patient}`);
  },
  async apply(draft) {
    for (const report of reportsIn(draft)) await keepReviews(draft, report);
    const results = resultsIn(draft);
    if (results.length === 0) return;
    for (const report of await reviewedWith(draft, results)) {
      draft.effect = results[0]!.by;
      await draft.update(unmarked(report));
    }
  },
};

// ── reports

interface ChangedReport {
  readonly record: DraftRecord;
  /** Undefined if it didn't exist. */
  readonly before: Report | undefined;
  readonly after: Report & { id: string };
}

/** Those with part of a review, before or after. */
function reportsIn(draft: ChartDraft): ChangedReport[] {
  if (draft.isOwn) return [];
  return draft.records.flatMap((record) => {
    // After a move to another chart, a report and its results are unchanged.
    if (record.moved) return [];
    const [was, is] = [record.before?.record, record.after];
    const before = isReport(was) ? was : undefined;
    if (!isReport(is) || ![before, is].some((one) => one && saysReviewed(one))) return [];
    return [{ record, before, after: { ...is, id: record.id } }];
  });
}

function isReport(resource: ChartRecord | null | undefined): resource is Report {
  return reviewAgain.types.some((type) => type === resource?.resourceType);
}

function saysReviewed(report: Report): boolean {
  return reviewExtensions(report).length > 0 || labelsOf(report, REVIEW).length > 0;
}

/** The report gets the stored reviews and the new one; it keeps its mark if its content is unchanged. */
async function keepReviews(draft: ChartDraft, { record, before, after }: ChangedReport): Promise<void> {
  const told = reviewIn(record);
  const reviews = [...(before ? reviewExtensions(before) : []), ...(told ? [told] : [])];
  const unchanged = before !== undefined && isReviewed(before) && isDeepStrictEqual(saidBy(before), saidBy(after));
  const labels = told || unchanged ? [REVIEWED] : labelsWithoutReview(before);
  const [hasReviews, hasLabels] = [
    isDeepStrictEqual(reviewExtensions(after), reviews),
    isDeepStrictEqual(labelsOf(after, REVIEW), labels),
  ];
  if (hasReviews && hasLabels) return;
  draft.effect = record.by;
  const kept = hasReviews ? after : withReviews(after, reviews);
  const others = labelsOf(kept, REVIEW).filter((one) => !labels.includes(one));
  await draft.update(hasLabels ? kept : relabelled(kept, REVIEW, { add: labels, remove: others }));
}

/** An Observation that waited or was reviewed waits again; reports and documents without a mark wait anyway. */
function labelsWithoutReview(before: Report | undefined): string[] {
  return before?.resourceType === 'Observation' && labelsOf(before, REVIEW).length > 0 ? [UNREVIEWED] : [];
}

function withReviews<R extends Report>(report: R, reviews: readonly Extension[]): R {
  const { extension = [], ...rest } = report;
  const all = [...extension.filter(({ url }) => url !== EXTENSION.review), ...reviews];
  return { ...rest, ...(all.length > 0 && { extension: all }) } as R;
}

function reviewExtensions({ extension = [] }: Report): readonly Extension[] {
  return extension.filter(({ url }) => url === EXTENSION.review);
}

/** Without the parts that a review itself changes. */
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

interface ChangedResult {
  readonly id: string;
  readonly patient: string | null;
  /** The effect that changed it, if any. */
  readonly by: number | undefined;
}

/**
 * Results whose content changed, or that were deleted or restored; also new ones under an id that a report may already refer to.
 */
function resultsIn(draft: ChartDraft): ChangedResult[] {
  return draft.records.flatMap(({ type, id, before, after, by, moved }) => {
    if (type !== 'Observation' || moved || (!before && draft.drew(id))) return [];
    const [was, is] = [before?.record, after].map((one) => {
      return one?.resourceType === 'Observation' ? saidBy(one) : one;
    });
    if (isDeepStrictEqual(was, is)) return [];
    return [{ id, patient: before ? before.patient : after && ownerOf(after), by }];
  });
}

/** More levels than panels have. */
const MAX_LEVELS = 16;
/** Ids per search. */
const AT_ONCE = 100;
const MARK = `_tag=${encodeURIComponent(`${REVIEW}|${REVIEWED}`)}&_count=1000`;

/** Reviewed reports with one of these results, directly or in a panel. */
async function reviewedWith(draft: ChartDraft, results: readonly ChangedResult[]): Promise<Reviewed[]> {
  const named = await withPanels(
    draft,
    results.map(({ id }) => id),
  );
  const found = await searchBy(draft, 'DiagnosticReport', 'result', [...named], MARK);
  // Search doesn't find a report's contained panels.
  for (const patient of new Set(results.map((result) => result.patient))) {
    if (patient === null) continue;
    const reports = await draft.search('DiagnosticReport', `subject=Patient/${patient}&${MARK}`);
    found.push(...reports.filter(({ contained = [] }) => contained.some((one) => hasMemberOf(one, named))));
  }
  const reports = new Map<string, Reviewed>();
  for (const { id } of found) {
    const report = id === undefined ? undefined : await draft.read('DiagnosticReport', id);
    if (report && isReviewed(report)) reports.set(id!, { ...report, id: id! });
  }
  return [...reports.values()];
}

type Reviewed = Report & { id: string };

function hasMemberOf(resource: Resource, ids: ReadonlySet<string>): boolean {
  if (resource.resourceType !== 'Observation') return false;
  return resource.hasMember?.some(({ reference }) => ids.has(reference?.split('/')[1] ?? '')) ?? false;
}

/** The ids of results and of the panels that contain them. */
async function withPanels(draft: ChartDraft, ids: readonly string[]): Promise<Set<string>> {
  const seen = new Set(ids);
  for (let level = ids, depth = 0; level.length > 0 && depth < MAX_LEVELS; depth++) {
    const panels = await searchBy(draft, 'Observation', 'has-member', level, '_count=1000');
    level = [...new Set(panels.flatMap(({ id }) => id ?? []))].filter((id) => !seen.has(id));
    for (const id of level) seen.add(id);
  }
  return seen;
}

async function searchBy<T extends 'DiagnosticReport' | 'Observation'>(
  draft: ChartDraft,
  type: T,
  parameter: string,
  ids: readonly string[],
  more: string,
) {
  const found = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const named = ids.slice(from, from + AT_ONCE).map((id) => `Observation/${id}`);
    found.push(...(await draft.search(type, `${parameter}=${encodeURIComponent(named.join(','))}&${more}`)));
  }
  return found;
}

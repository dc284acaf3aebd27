// A laboratory value that needs attention and isn't in a report waits for its own review: it gets a mark, which a report that
// includes it removes. Old values, such as imported ones, get none.

import type { Observation, Reference, Resource } from '@medplum/fhirtypes';
import { REVIEW } from '@chartwire/sdk/internal/kit/systems';
import { type ChartRecord, isResource } from '@chartwire/sdk/internal/records/chart-record';
import { isLaboratory } from '@chartwire/sdk/internal/records/diagnostic-service';
import { findingsIn } from '@chartwire/sdk/internal/records/findings';
import { flagOf } from '@chartwire/sdk/internal/records/interpretation';
import { labelsOf, relabelled } from '@chartwire/sdk/internal/records/labels';
import { UNREVIEWED, waitsForReview } from '@chartwire/sdk/internal/records/review';
import type { ChartDraft, DraftRecord } from '../draft.ts';
import { ownerOf } from '../entry.ts';
import type { Rule } from './rule.ts';

/** Days: a value taken longer before its arrival is history. Slow cultures take eight weeks. */
const RECENT = 60;

export const unreportedResults: Rule = {
  types: ['Observation', 'DiagnosticReport'],
  // A report must not arrive unnoticed at the same time as its results.
  keys: (draft) => {
    if (draft.isOwn) return [];
    const patients = draft.records.flatMap((record) => {
      const concerned = arrives(record, draft.at) || toldElsewhere(draft, record).length > 0;
      const either = record.after ?? record.before?.record;
      return concerned && either ? [ownerOf(either)] : [];
    });
    return [...new Set(patients)].map((patient) => `Reviews of Patient/${patient}`);
  },
  async apply(draft) {
    const records = [...draft.records];
    const concerned = new Map<string, DraftRecord | undefined>();
    for (const record of records) if (arrives(record, draft.at)) concerned.set(record.id, record);
    for (const id of await within(
      draft,
      records.flatMap((record) => toldElsewhere(draft, record)),
    )) {
      if (!concerned.has(id)) concerned.set(id, undefined);
    }
    const told = await toldOf(draft, [...concerned.keys()]);
    for (const [id, record] of concerned) {
      const observation = await draft.read('Observation', id);
      if (!observation) continue;
      const marked = waitsForReview(observation);
      const shouldWait = !told.has(id) && (marked || (isUnmarked(observation) && callsForLook(observation, draft.at)));
      if (marked === shouldWait) continue;
      draft.effect = record?.by;
      const change = shouldWait ? { add: [UNREVIEWED] } : { remove: [UNREVIEWED] };
      await draft.update(relabelled({ ...observation, id }, REVIEW, change));
    }
  },
};

function isUnmarked(observation: Observation): boolean {
  return labelsOf(observation, REVIEW).length === 0;
}

/** An Observation that has or may need a mark, whatever its writer sent. Results entered in a note are shown there. */
function arrives({ after, before, note, moved }: DraftRecord, at: string): boolean {
  if (after?.resourceType !== 'Observation' || moved) return false;
  const was = before?.record;
  if (waitsForReview(after) || (was?.resourceType === 'Observation' && !isUnmarked(was))) return true;
  return (before !== undefined || note === undefined) && callsForLook(after, at);
}

// ── what calls for a look

/** Never needs attention: there is no value yet, or none that counts. */
const WITHOUT_VALUE = new Set<Observation['status']>(['registered', 'cancelled', 'entered-in-error']);

function callsForLook(observation: Observation, at: string): boolean {
  if (WITHOUT_VALUE.has(observation.status) || !isOfLaboratory(observation)) return false;
  if (!isRecent(observation, at)) return false;
  const { found } = findingsIn(observation, () => undefined);
  return found.some((one) => flagOf(one.observation) !== undefined || isUnjudgedText(one.observation));
}

function isOfLaboratory({ category = [] }: Observation): boolean {
  return isLaboratory(category) || category.some(({ coding }) => coding?.some(({ code }) => code === 'laboratory'));
}

/** Words without a known meaning: only a reader can tell. */
function isUnjudgedText(observation: Observation): boolean {
  const { valueString, valueCodeableConcept, interpretation, referenceRange } = observation;
  return (valueString ?? valueCodeableConcept) !== undefined && !interpretation?.length && !referenceRange?.length;
}

/** Without a time it counts as current. */
function isRecent(observation: Observation, at: string): boolean {
  const { effectiveDateTime, effectivePeriod, effectiveInstant, issued } = observation;
  const taken = effectiveDateTime ?? effectivePeriod?.end ?? effectivePeriod?.start ?? effectiveInstant ?? issued;
  if (taken === undefined) return true;
  const day = taken.slice(0, 10);
  const first = new Date(Date.parse(at) - RECENT * 24 * 60 * 60_000).toISOString();
  // A month or year counts as recent if the first recent day is in it.
  return day >= first.slice(0, day.length);
}

// ── what reports tell

/**
 * Ids of Observations that a report or panel of the draft newly includes, or no longer includes, and that the draft didn't
 * create.
 */
function toldElsewhere(draft: ChartDraft, { before, after, moved }: DraftRecord): string[] {
  if (moved) return [];
  const [was, is] = [before?.record, after].map((one) => new Set(one ? namedIn(one) : [])) as [
    Set<string>,
    Set<string>,
  ];
  return [...was.symmetricDifference(is)].filter((id) => !draft.drew(id));
}

/** A report entered in error includes nothing. */
function namedIn(resource: ChartRecord): string[] {
  if ('status' in resource && resource.status === 'entered-in-error') return [];
  if (resource.resourceType === 'Observation') return idsOf(resource.hasMember);
  if (resource.resourceType !== 'DiagnosticReport') return [];
  const inside = (resource.contained ?? []).flatMap((one) =>
    one.resourceType === 'Observation' ? idsOf(one.hasMember) : [],
  );
  return [...idsOf(resource.result), ...inside];
}

function idsOf(references: readonly Reference[] | undefined): string[] {
  return references?.flatMap(({ reference = '' }) => /^Observation\/([^/]+)/.exec(reference)?.[1] ?? []) ?? [];
}

/** More levels than panels have. */
const MAX_LEVELS = 16;
/** Ids per search. */
const AT_ONCE = 100;

/** The same, with the members of panels. */
async function within(draft: ChartDraft, ids: readonly string[]): Promise<Set<string>> {
  const seen = new Set(ids);
  for (let level = [...seen], depth = 0; level.length > 0 && depth < MAX_LEVELS; depth++) {
    const members = [];
    for (const id of level) members.push(...namedIn((await draft.read('Observation', id)) ?? NOTHING));
    level = [...new Set(members)].filter((id) => !seen.has(id));
    for (const id of level) seen.add(id);
  }
  return seen;
}
const NOTHING: Resource = { resourceType: 'Basic', code: {} };

/** Those that a report includes, directly or in a panel. */
async function toldOf(draft: ChartDraft, ids: readonly string[]): Promise<Set<string>> {
  /** For each panel that contains one of them, its members; inner panels first. */
  const panels: (readonly [panel: string, members: readonly string[]])[] = [];
  const seen = new Set(ids);
  for (let level = ids, depth = 0; level.length > 0 && depth < MAX_LEVELS; depth++) {
    const holding = await naming(draft, 'Observation', 'has-member', level);
    for (const panel of holding) panels.push([panel.id!, namedIn(panel)]);
    level = holding.flatMap(({ id }) => id ?? []).filter((id) => !seen.has(id));
    for (const id of level) seen.add(id);
  }
  const reports = await naming(draft, 'DiagnosticReport', 'result', [...seen]);
  const told = new Set(reports.flatMap(namedIn));
  for (const [panel, members] of panels.toReversed()) if (told.has(panel)) for (const one of members) told.add(one);
  return told;
}

/** Reports or panels that refer to one of these, after the draft. */
async function naming(
  draft: ChartDraft,
  type: 'DiagnosticReport' | 'Observation',
  parameter: string,
  ids: readonly string[],
): Promise<Resource[]> {
  const found = new Map<string, Resource>();
  // Nothing stored can refer to an id that the draft generated.
  const known = ids.filter((id) => !draft.drew(id));
  for (let from = 0; from < known.length; from += AT_ONCE) {
    const named = known.slice(from, from + AT_ONCE).map((id) => `Observation/${id}`);
    const query = `${parameter}=${encodeURIComponent(named.join(','))}&_count=1000`;
    for (const one of await draft.search(type, query)) found.set(one.id!, one);
  }
  for (const { id, after, ...record } of draft.records) {
    if (record.type !== type) continue;
    if (isResource(after)) found.set(id, { ...after, id });
    else found.delete(id);
  }
  const asked = new Set(ids);
  return [...found.values()].filter((one) => namedIn(one).some((id) => asked.has(id)));
}

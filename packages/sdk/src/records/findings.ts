// The findings of a report or Observation, wherever they are: in Observations it refers to or contains, in members of a panel, in
// components. Flattens R4's tree into a list of values.

import type { DiagnosticReport, Observation, Reference } from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { flagOf } from './interpretation.ts';

/** One value. */
export interface Finding {
  /** Unique within a report: `Observation/1`, `DiagnosticReport/1#o1`, `Observation/1 0` for a component. */
  readonly key: string;
  /** The record that contains it: `DiagnosticReport/1` for a contained one. */
  readonly record: string;
  /** Complete by itself: a component with its Observation's status and time, a contained one with its report's. */
  readonly observation: Observation;
}

/** Resolves what a report refers to. Undefined if it doesn't exist, or the reader may not see it. */
export type Lookup = (reference: string) => Observation | undefined;

/** More than any panel has; keeps a hostile one from filling the memory. */
const MAX_DEPTH = 16;
const MAX_FINDINGS = 2_000;

interface Walk {
  readonly lookup: Lookup;
  readonly seen: Set<string>;
  readonly found: Finding[];
  readonly missing: string[];
}

export interface Findings {
  readonly found: readonly Finding[];
  /** Unresolved references. */
  readonly missing: readonly string[];
  /** Everything visited: `Observation/1`, including panels and unresolved references. */
  readonly records: readonly string[];
}

/** In the report's order, without results entered in error. */
export function findingsOf(report: DiagnosticReport & { readonly id?: string }, lookup: Lookup): Findings {
  const walk: Walk = { lookup, seen: new Set(), found: [], missing: [] };
  const root = { record: `DiagnosticReport/${report.id}`, contained: report.contained ?? [] };
  const place: Place = { root, shared: timesOf(report), depth: 0 };
  follow(report.result, place, walk);
  // A contained result counts even if the report doesn't refer to it.
  const inside = root.contained.filter(({ resourceType }) => resourceType === 'Observation');
  follow(
    inside.map(({ id }) => ({ reference: `#${id}` })),
    place,
    walk,
  );
  return { found: walk.found, missing: walk.missing, records: [...walk.seen] };
}

/** The values of one Observation: its own, and those of its components and members. */
export function findingsIn(observation: Observation & { readonly id?: string }, lookup: Lookup): Findings {
  const itself = `Observation/${observation.id}`;
  const known: Lookup = (reference) => (reference === itself ? observation : lookup(reference));
  const walk: Walk = { lookup: known, seen: new Set(), found: [], missing: [] };
  follow([{ reference: itself }], { root: NOWHERE, shared: {}, depth: 0 }, walk);
  return { found: walk.found, missing: walk.missing, records: [...walk.seen] };
}

/** The record that `#id` refers to. */
interface Root {
  readonly record: string;
  readonly contained: readonly { readonly resourceType: string; readonly id?: string }[];
}
const NOWHERE: Root = { record: '', contained: [] };

type Shared = Partial<Pick<Observation, 'effectiveDateTime' | 'effectivePeriod' | 'effectiveInstant' | 'issued'>>;

interface Place {
  readonly root: Root;
  /** Inherited from the container if not given. */
  readonly shared: Shared;
  readonly depth: number;
}

function follow(references: readonly Reference[] | undefined, place: Place, walk: Walk): void {
  for (const { reference } of references ?? []) {
    if (reference === undefined || walk.found.length >= MAX_FINDINGS) continue;
    const local = reference.startsWith('#');
    const key = local ? `${place.root.record}${reference}` : withoutVersion(reference);
    if (walk.seen.has(key)) continue;
    walk.seen.add(key);
    const found = local ? containedIn(place.root, reference) : walk.lookup(key);
    if (!found) walk.missing.push(key);
    else if (found.status !== 'entered-in-error' && place.depth < MAX_DEPTH) {
      const root = local ? place.root : { record: key, contained: found.contained ?? [] };
      collect(found, { ...place, root }, key, walk);
    }
  }
}

/** `Observation/1/_history/2` to `Observation/1`: a report shows the current version of its results. */
function withoutVersion(reference: string): string {
  return reference.split('/_history/')[0]!;
}

function containedIn({ contained }: Root, reference: string): Observation | undefined {
  const found = contained.find(({ id }) => `#${id}` === reference);
  return found?.resourceType === 'Observation' ? (found as Observation) : undefined;
}

function collect(observation: Observation, place: Place, key: string, walk: Walk): void {
  const { component = [], hasMember, contained: _, ...own } = observation;
  const timed = isTimed(own) ? own : { ...place.shared, ...own };
  const { record } = place.root;
  const itself: Finding = { key, record, observation: timed };
  const before = walk.found.length;
  if ((component.length === 0 && !hasMember?.length) || hasValue(own)) walk.found.push(itself);
  for (const [index, part] of component.entries()) {
    walk.found.push({ key: `${key} ${index}`, record, observation: { ...withoutValue(timed), ...part } });
  }
  follow(hasMember, { root: place.root, shared: timesOf(timed), depth: place.depth + 1 }, walk);
  // A panel isn't counted in addition to its values, unless only the panel itself is marked abnormal.
  const told = walk.found.slice(before);
  if (!told.includes(itself) && flagOf(own) && !told.some((one) => flagOf(one.observation))) {
    walk.found.splice(before, 0, itself);
  }
}

function isTimed({ effectiveDateTime, effectivePeriod, effectiveInstant, issued }: Observation): boolean {
  return [effectiveDateTime, effectivePeriod, effectiveInstant, issued].some((time) => time !== undefined);
}

function timesOf({ effectiveDateTime, effectivePeriod, effectiveInstant, issued }: Shared): Shared {
  return filled({ effectiveDateTime, effectivePeriod, effectiveInstant, issued });
}

function hasValue(observation: Observation): boolean {
  return Object.keys(observation).some((name) => name.startsWith('value'));
}

/** Members of an Observation that apply to all its components. */
function withoutValue(observation: Observation): Observation {
  const { interpretation: _, referenceRange: __, dataAbsentReason: ___, ...rest } = observation;
  return Object.fromEntries(
    Object.entries(rest).filter(([name]) => !name.startsWith('value')),
  ) as unknown as Observation;
}

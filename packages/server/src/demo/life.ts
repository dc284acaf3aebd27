// One patient while being generated: the story, what its words for time mean, and what the themes share.

import type { Encounter, Patient, Reference } from '@medplum/fhirtypes';
import { addDays, addMinutes, atClock, bornBefore, Calendar, type Clock, fhirInstant } from './calendar.ts';
import { Practice } from './practice.ts';
import { Random, seedFrom, uuidFrom } from './random.ts';
import type { Story, Visit } from './story.ts';

/** A visit with its time. */
export interface KeptVisit extends Visit {
  readonly start: Date;
  readonly end: Date;
  readonly encounter: Reference<Encounter>;
}

export interface DemoOptions {
  readonly seed: number;
  /** Everything is dated relative to its calendar day in this machine's time zone. */
  readonly today: Date;
}

export class Life {
  readonly story: Story;
  readonly practice: Practice;
  readonly birth: Date;
  readonly calendar: Calendar;
  readonly visits: readonly KeptVisit[];
  readonly #seed: number;

  constructor(story: Story, { seed, today }: DemoOptions) {
    this.story = story;
    this.#seed = seed;
    this.practice = new Practice(seed);
    this.birth = bornBefore(today, story.age, this.random('birth').int(3, story.age.endsWith('mo') ? 20 : 330));
    this.calendar = new Calendar(today, this.birth);
    const random = this.random('visits');
    this.visits = story.visits.map((visit, index) => this.#keep(visit, index, random));
  }

  /** Chance of its own for each theme, so that one does not disturb another. */
  random(theme: string): Random {
    return new Random(seedFrom(this.#seed, this.story.key, theme));
  }

  /** The logical id of one of the patient's records: always the same for the same seed. */
  id(type: string, name: string | number): string {
    return uuidFrom(this.#seed, this.story.key, type, name);
  }

  get name(): string {
    return `${this.story.given[0]} ${this.story.family}`;
  }

  get patient(): Reference<Patient> & { reference: string } {
    return { reference: `Patient/${this.id('Patient', '')}`, display: this.name };
  }

  /** A visit of that day, if there was one. */
  visitOn(day: Date): KeptVisit | undefined {
    return this.visits.find(({ start }) => start.toDateString() === day.toDateString());
  }

  get lastVisit(): KeptVisit {
    return this.visits[this.visits.length - 1]!;
  }

  #keep(visit: Visit, index: number, random: Random): KeptVisit {
    const clock: Clock = `${random.int(8, 15)}:${random.pick([0, 20, 40])}`;
    const start = atClock(this.calendar.workday(visit.when), clock);
    const end = visit.hospitalDays === undefined ? addMinutes(start, 25) : addDays(start, visit.hospitalDays);
    return { ...visit, start, end, encounter: { reference: `Encounter/${this.id('Encounter', index)}` } };
  }
}

/** The value of a trend at step `index` of `count`: on the line through its points, first to first and last to last. */
export function along(trend: readonly number[], index: number, count: number): number {
  if (trend.length === 1 || count < 2) return trend[trend.length - 1]!;
  const at = (index / (count - 1)) * (trend.length - 1);
  const left = Math.min(Math.floor(at), trend.length - 2);
  return trend[left]! + (trend[left + 1]! - trend[left]!) * (at - left);
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** For an instant some minutes into a visit. */
export function during(visit: KeptVisit, minutes: number): string {
  return fhirInstant(addMinutes(visit.start, minutes));
}

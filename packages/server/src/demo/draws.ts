// The values of each blood draw: on the story's line where it has one, computed where chemistry decides, normal elsewhere.

import { yearsBetween } from './calendar.ts';
import { ANALYTES, type Analyte, type AnalyteName, type Bound, type Sex } from './codes/analytes.ts';
import { PANELS } from './codes/panels.ts';
import { along, type KeptVisit, type Life, round } from './life.ts';
import type { Random } from './random.ts';

type Ask = (name: AnalyteName) => number;

/** Values that follow from others of the same draw. */
const COMPUTED: Partial<Record<AnalyteName, (ask: Ask, life: Life, visit: KeptVisit) => number>> = {
  // Friedewald, valid below 400 mg/dL of triglycerides.
  ldl: (ask) => ask('cholesterol') - ask('hdl') - ask('triglycerides') / 5,
  hematocrit: (ask) => (ask('hemoglobin') / ask('mchc')) * 100,
  redCells: (ask) => (ask('hematocrit') / ask('mcv')) * 10,
  egfr: (ask, life, visit) => ckdEpi2021(ask('creatinine'), life.story.sex, yearsBetween(life.birth, visit.start)),
};

export class Draws {
  readonly #life: Life;
  readonly #random: Random;
  readonly #known = new Map<string, number>();

  constructor(life: Life) {
    this.#life = life;
    this.#random = life.random('labs');
  }

  /** The same value whichever panel of the visit reports it. */
  value(visit: KeptVisit, name: AnalyteName): number {
    const key = `${visit.encounter.reference} ${name}`;
    const value = this.#known.get(key) ?? this.#measure(visit, name);
    this.#known.set(key, value);
    return value;
  }

  #measure(visit: KeptVisit, name: AnalyteName): number {
    const { decimals }: Analyte = ANALYTES[name];
    const trend = this.#life.story.labs?.[name];
    if (trend) {
      const draws = this.#life.visits.filter((other) => measures(other, name));
      return round(along(trend, draws.indexOf(visit), draws.length), decimals);
    }
    const computed = COMPUTED[name]?.((other) => this.value(visit, other), this.#life, visit);
    return round(computed ?? this.#normal(name), decimals);
  }

  #normal(name: AnalyteName): number {
    const { low, high, usual }: Analyte = ANALYTES[name];
    if (usual !== undefined) return this.#random.around(usual, usual * 0.12);
    const { sex } = this.#life.story;
    const [bottom, top] = [boundFor(low, sex), boundFor(high, sex)];
    if (bottom === undefined || top === undefined) throw new Error(`the story must say what ${name} is`);
    return this.#random.around((bottom + top) / 2, (top - bottom) / 4);
  }
}

export function boundFor(bound: Bound | undefined, sex: Sex): number | undefined {
  return typeof bound === 'object' ? bound[sex] : bound;
}

function measures(visit: KeptVisit, name: AnalyteName): boolean {
  return (visit.labs ?? []).some((panel) => {
    const analytes: readonly string[] = PANELS[panel].analytes;
    return analytes.includes(name) || (name === 'creatinine' && analytes.includes('egfr'));
  });
}

/** Estimated glomerular filtration rate of an adult in mL/min/1.73 m2 (CKD-EPI 2021), creatinine in mg/dL. */
function ckdEpi2021(creatinine: number, sex: Sex, age: number): number {
  const female = sex === 'female';
  const ratio = creatinine / (female ? 0.7 : 0.9);
  const power = female ? -0.241 : -0.302;
  return 142 * Math.min(ratio, 1) ** power * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * (female ? 1.012 : 1);
}

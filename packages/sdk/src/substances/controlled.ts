// Refill limits of controlled substances under US federal law: schedule II never (21 CFR 1306.12), schedules III and IV five
// times in six months (21 CFR 1306.22). Leaves out ingredients whose schedule depends on the product.

// biome-ignore format: a table is read by its rows
const SCHEDULES: Readonly<Record<'II' | 'III' | 'IV', readonly string[]>> = {
  II: [
    'amphetamine', 'dextroamphetamine', 'lisdexamfetamine', 'methylphenidate', 'dexmethylphenidate', 'oxycodone', 'hydrocodone',
    'hydromorphone', 'morphine', 'fentanyl', 'methadone', 'meperidine', 'oxymorphone', 'tapentadol',
  ],
  III: ['buprenorphine', 'testosterone'],
  IV: [
    'alprazolam', 'clonazepam', 'diazepam', 'lorazepam', 'temazepam', 'zolpidem', 'tramadol', 'carisoprodol', 'phentermine',
    'modafinil', 'phenobarbital',
  ],
};

export interface Controlled {
  readonly ingredient: string;
  readonly schedule: 'II' | 'III' | 'IV';
  readonly mostRefills: number;
}

/** The strictest of them; undefined if none is known to be controlled. */
export function controlledAmong(ingredients: readonly string[]): Controlled | undefined {
  for (const schedule of ['II', 'III', 'IV'] as const) {
    const ingredient = ingredients.find((name) => SCHEDULES[schedule].includes(name));
    if (ingredient) return { ingredient, schedule, mostRefills: schedule === 'II' ? 0 : 5 };
  }
  return undefined;
}

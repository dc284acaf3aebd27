// When things happen in a story: always relative to the day the demo starts, so that the charts never grow old.

/** A length of time: `10d`, `6w`, `7mo`, `34y`. */
export type Span = `${number}${'d' | 'w' | 'mo' | 'y'}`;

/** `3mo ago`, `in 2d`, `today`, or, for children, the age at which it happened: `at 2mo`. */
export type When = 'today' | `${Span} ago` | `in ${Span}` | `at ${Span}`;

/** A clock time on the practice's wall, in the time zone of this machine. */
export type Clock = `${number}:${number}`;

/** Turns a story's words for time into dates. Days are calendar days of this machine's time zone. */
export class Calendar {
  readonly today: Date;
  readonly #birth: Date;

  constructor(today: Date, birth: Date) {
    this.today = startOfDay(today);
    this.#birth = startOfDay(birth);
  }

  /** The day meant by `when`. */
  day(when: When): Date {
    if (when === 'today') return this.today;
    if (when.startsWith('in ')) return shift(this.today, when.slice(3), 1);
    if (when.startsWith('at ')) return shift(this.#birth, when.slice(3), 1);
    return shift(this.today, when.slice(0, -' ago'.length), -1);
  }

  /** The day meant by `when`, moved off the weekend: a past day to the Friday before, a coming one to the Monday after. */
  workday(when: When): Date {
    const day = this.day(when);
    if (when === 'today') return day;
    const past = day < this.today;
    if (day.getDay() === 6) return addDays(day, past ? -1 : 2);
    if (day.getDay() === 0) return addDays(day, past ? -2 : 1);
    return day;
  }

  isPast(day: Date): boolean {
    return day < this.today;
  }
}

/** Age in whole years on `day`. */
export function yearsBetween(birth: Date, day: Date): number {
  const years = day.getFullYear() - birth.getFullYear();
  const birthday = new Date(day.getFullYear(), birth.getMonth(), birth.getDate());
  return day < birthday ? years - 1 : years;
}

/** The birth date of someone who is `age` today, and has been for `extraDays`. */
export function bornBefore(today: Date, age: Span, extraDays: number): Date {
  return addDays(shift(startOfDay(today), age, -1), -extraDays);
}

export function atClock(day: Date, clock: Clock): Date {
  const [hours, minutes] = clock.split(':').map(Number);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes);
}

export function addMinutes(time: Date, minutes: number): Date {
  return new Date(time.getTime() + minutes * 60_000);
}

export function addDays(day: Date, days: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, day.getHours(), day.getMinutes());
}

/** FHIR `date`. */
export function fhirDate(day: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** FHIR `instant` and `dateTime`. */
export function fhirInstant(time: Date): string {
  return time.toISOString();
}

function startOfDay(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate());
}

function shift(day: Date, span: string, direction: 1 | -1): Date {
  const match = /^(\d+)(d|w|mo|y)$/.exec(span);
  if (!match) throw new Error(`${span} is not a span of time such as 10d, 6w, 7mo or 34y`);
  const count = Number(match[1]) * direction;
  if (match[2] === 'd') return addDays(day, count);
  if (match[2] === 'w') return addDays(day, count * 7);
  const months = match[2] === 'y' ? count * 12 : count;
  const moved = new Date(day.getFullYear(), day.getMonth() + months, 1);
  const lastOfMonth = new Date(moved.getFullYear(), moved.getMonth() + 1, 0).getDate();
  return new Date(moved.getFullYear(), moved.getMonth(), Math.min(day.getDate(), lastOfMonth));
}

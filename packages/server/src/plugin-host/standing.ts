// How far a plugin is trusted: where its calls run, and when they stop for a while. No clock and no timers of its own.

/** A new or updated plugin runs in the probation runner; after this many calls that harmed nobody, in a main one. */
const CLEAN_CALLS = 100;
/** So many strikes are quarantine. */
const STRIKES = 5;
/** A strike is forgotten after this time without another. */
const FORGET_MS = 5 * 60_000;
/** The first quarantine; each further one takes twice as long, up to the last figure. */
const QUARANTINE_MS = 60_000;
const LONGEST_QUARANTINE_MS = 60 * 60_000;

/** What an offence counts: a crash takes neighbours with it, a timeout or a full memory only makes them wait. */
export const OFFENCES = { crash: 2, timeout: 1, memory: 1, tampering: 5 } as const;

export class Standing {
  #clean = 0;
  #strikes = 0;
  #struckAt = 0;
  #quarantines = 0;
  #quarantinedUntil = 0;

  where(now: number): 'probation' | 'main' | 'quarantined' {
    if (now < this.#quarantinedUntil) return 'quarantined';
    return this.#clean >= CLEAN_CALLS ? 'main' : 'probation';
  }

  /** Milliseconds since 1970. */
  get quarantinedUntil(): number {
    return this.#quarantinedUntil;
  }

  strikes(now: number): number {
    this.#forget(now);
    return this.#strikes;
  }

  /** A call ended without harm to others; what it did to itself (throwing, overrunning) is its own affair. */
  clean(): void {
    this.#clean += 1;
  }

  /** Stood beside an offence that nobody could be shown to have done. */
  doubt(): void {
    this.#clean = 0;
  }

  /** Puts the plugin on probation again; true when it is quarantined by this. */
  offend(offence: keyof typeof OFFENCES, now: number): boolean {
    this.#forget(now);
    this.#clean = 0;
    this.#strikes += OFFENCES[offence];
    this.#struckAt = now;
    if (this.#strikes < STRIKES || now < this.#quarantinedUntil) return false;
    this.#quarantinedUntil = now + Math.min(QUARANTINE_MS * 2 ** this.#quarantines, LONGEST_QUARANTINE_MS);
    this.#quarantines += 1;
    // One more offence after it, and it is back: the strikes are not forgiven, only no longer counted twice.
    this.#strikes = STRIKES - 1;
    return true;
  }

  #forget(now: number): void {
    const forgotten = Math.floor((now - this.#struckAt) / FORGET_MS);
    if (forgotten <= 0) return;
    this.#strikes = Math.max(0, this.#strikes - forgotten);
    this.#struckAt += forgotten * FORGET_MS;
  }
}

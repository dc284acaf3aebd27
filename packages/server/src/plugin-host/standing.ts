// How far a plugin is trusted: where its calls run, and when they pause. Has no clock or timers of its own.

/** A new or updated plugin runs in the probation runner, and after this many harmless calls in a main one. */
const CLEAN_CALLS = 100;
/** Strikes that cause quarantine. */
const STRIKES = 5;
/** A strike expires after this long without another. */
const FORGET_MS = 5 * 60_000;
/** First quarantine; each further one doubles, up to the last value. */
const QUARANTINE_MS = 60_000;
const LONGEST_QUARANTINE_MS = 60 * 60_000;

/** Strikes per offense: a crash ends its neighbors, a timeout or full memory only delays them. */
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

  /** A call ended without harm to others. What it did to itself (throwing, overrunning) doesn't count. */
  clean(): void {
    this.#clean += 1;
  }

  /** It was present at an offense that couldn't be attributed. */
  doubt(): void {
    this.#clean = 0;
  }

  /** Puts the plugin on probation again; true if it is now quarantined. */
  offend(offence: keyof typeof OFFENCES, now: number): boolean {
    this.#forget(now);
    this.#clean = 0;
    this.#strikes += OFFENCES[offence];
    this.#struckAt = now;
    if (this.#strikes < STRIKES || now < this.#quarantinedUntil) return false;
    this.#quarantinedUntil = now + Math.min(QUARANTINE_MS * 2 ** this.#quarantines, LONGEST_QUARANTINE_MS);
    this.#quarantines += 1;
    // One more offense afterwards quarantines it again: the strikes remain, but don't count twice.
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

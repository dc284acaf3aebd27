// Of the calls that were with a runner when it died, which one did it? Each is run again alone, in a runner of its own, in
// the order in which they were sent; when one does it again, those after it had not begun and go back to the others.

import type { Job, LoadedPlugin } from './plugin.ts';

/** What trials need of the dispatcher. */
export interface TrialGround {
  /** Gives the job to an isolate of its own in the trial runner; false while that runner pauses. */
  begin(job: Job): boolean;
  /** Drops that isolate. */
  end(plugin: LoadedPlugin): void;
  /** The job is innocent: it runs with the others again. */
  release(job: Job): void;
}

/** Calls that were together when a runner died. */
interface Lineup {
  open: number;
  guilty: boolean;
  readonly plugins: ReadonlySet<LoadedPlugin>;
}

export class Trials {
  readonly #ground: TrialGround;
  readonly #waiting: Job[] = [];
  readonly #lineups = new Map<Job, Lineup>();
  #tried: Job | undefined;
  #lastAt = 0;

  constructor(ground: TrialGround) {
    this.#ground = ground;
  }

  /** In the order in which they were sent to the runner that died. */
  add(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    const lineup: Lineup = { open: jobs.length, guilty: false, plugins: new Set(jobs.map((job) => job.plugin)) };
    for (const job of jobs) {
      this.#leave(job);
      this.#lineups.set(job, lineup);
      this.#waiting.push(job);
    }
    this.next();
  }

  /** It did it again, alone. */
  convict(job: Job): void {
    const lineup = this.#lineups.get(job);
    if (!lineup) return;
    lineup.guilty = true;
    for (const other of this.#waiting.filter((waiting) => this.#lineups.get(waiting) === lineup)) {
      this.forget(other);
      this.#ground.release(other);
    }
  }

  /** The job has its result, or is elsewhere. */
  forget(job: Job): void {
    const index = this.#waiting.indexOf(job);
    if (index >= 0) this.#waiting.splice(index, 1);
    this.#leave(job);
    if (this.#tried !== job) return;
    this.#tried = undefined;
    this.#lastAt = performance.now();
    this.#ground.end(job.plugin);
    this.next();
  }

  next(): void {
    const job = this.#waiting[0];
    if (this.#tried || !job) return;
    this.#tried = job;
    if (this.#ground.begin(job)) this.#waiting.shift();
    else this.#tried = undefined;
  }

  /** Milliseconds since the last trial; 0 while there is one. */
  get idleMs(): number {
    return this.#tried || this.#waiting.length > 0 ? 0 : performance.now() - this.#lastAt;
  }

  get waiting(): readonly Job[] {
    return this.#waiting;
  }

  /** When nobody of a lineup does it again, the plugins of all of them are doubted. */
  #leave(job: Job): void {
    const lineup = this.#lineups.get(job);
    if (!lineup) return;
    this.#lineups.delete(job);
    lineup.open -= 1;
    if (lineup.open > 0 || lineup.guilty) return;
    for (const plugin of lineup.plugins) plugin.standing.doubt();
  }
}

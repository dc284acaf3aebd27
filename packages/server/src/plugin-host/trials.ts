// Finds which call ended a runner. Each call that was there runs again on its own, in the order sent. Once one fails again, those
// after it hadn't started and return to the others.

import type { Job, LoadedPlugin } from './plugin.ts';

/** What trials need from the dispatcher. */
export interface TrialGround {
  /** Starts the job in its own isolate in the trial runner; false while that runner pauses. */
  begin(job: Job): boolean;
  /** Drops that isolate. */
  end(plugin: LoadedPlugin): void;
  /** The job is innocent and runs with the others again. */
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

  /** In the order in which they were sent to the dead runner. */
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

  /** It ended the runner again on its own. */
  convict(job: Job): void {
    const lineup = this.#lineups.get(job);
    if (!lineup) return;
    lineup.guilty = true;
    for (const other of this.#waiting.filter((waiting) => this.#lineups.get(waiting) === lineup)) {
      this.forget(other);
      this.#ground.release(other);
    }
  }

  /** The job has a result, or has moved. */
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

  /** Milliseconds since the last trial; 0 during one. */
  get idleMs(): number {
    return this.#tried || this.#waiting.length > 0 ? 0 : performance.now() - this.#lastAt;
  }

  get waiting(): readonly Job[] {
    return this.#waiting;
  }

  /** If no call of a lineup fails again, all their plugins are doubted. */
  #leave(job: Job): void {
    const lineup = this.#lineups.get(job);
    if (!lineup) return;
    this.#lineups.delete(job);
    lineup.open -= 1;
    if (lineup.open > 0 || lineup.guilty) return;
    for (const plugin of lineup.plugins) plugin.standing.doubt();
  }
}

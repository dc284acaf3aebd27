// Fair shares between plugins, whatever number of handlers, events or effects one of them brings: whoever has used the
// least time is next, and no plugin, and no chart of one, has more than so many turns at once.

export interface ShareLimits {
  /** Turns at once, of all plugins and of one. */
  readonly all: number;
  readonly plugin: number;
  /** Of one plugin in one chart. */
  readonly chart: number;
}

/** What a turn is taken to cost, in ms, until it is over. */
const USUAL_MS = 2;

interface Chart {
  readonly waiting: (() => void)[];
  running: number;
}

interface Share {
  /** Milliseconds that it has used; never less than what others had when it came. */
  used: number;
  running: number;
  readonly charts: Map<string, Chart>;
  /** Charts in which somebody waits and may have a turn, in the order of their turns. */
  readonly open: Set<string>;
}

export class FairShares {
  readonly #limits: ShareLimits;
  readonly #shares = new Map<string, Share>();
  #running = 0;

  constructor(limits: ShareLimits) {
    this.#limits = limits;
  }

  /** Does the work when it is its plugin's turn. */
  async do<T>(plugin: string, chart: string, work: () => Promise<T>): Promise<T> {
    await this.#turn(plugin, chart);
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.#over(plugin, chart, performance.now() - began);
    }
  }

  #turn(plugin: string, chart: string): Promise<void> {
    const share = this.#shareOf(plugin);
    const place = share.charts.get(chart) ?? { waiting: [], running: 0 };
    share.charts.set(chart, place);
    return new Promise((resolve) => {
      place.waiting.push(resolve);
      if (place.running < this.#limits.chart) share.open.add(chart);
      this.#next();
    });
  }

  #over(plugin: string, chart: string, ms: number): void {
    const share = this.#shares.get(plugin)!;
    const place = share.charts.get(chart)!;
    share.used += ms - USUAL_MS;
    share.running -= 1;
    place.running -= 1;
    this.#running -= 1;
    if (place.waiting.length > 0) share.open.add(chart);
    else if (place.running === 0) share.charts.delete(chart);
    if (share.charts.size === 0) this.#shares.delete(plugin);
    this.#next();
  }

  #next(): void {
    while (this.#running < this.#limits.all) {
      let least: Share | undefined;
      for (const share of this.#shares.values()) {
        if (share.open.size === 0 || share.running >= this.#limits.plugin) continue;
        if (!least || share.used < least.used) least = share;
      }
      if (!least) return;
      this.#begin(least);
    }
  }

  #begin(share: Share): void {
    const [chart] = share.open;
    const place = share.charts.get(chart!)!;
    const go = place.waiting.shift()!;
    place.running += 1;
    share.running += 1;
    share.used += USUAL_MS;
    this.#running += 1;
    share.open.delete(chart!);
    if (place.waiting.length > 0 && place.running < this.#limits.chart) share.open.add(chart!);
    go();
  }

  /** One that comes, or comes back, has used what the least of the others has: it can't have saved up. */
  #shareOf(plugin: string): Share {
    let share = this.#shares.get(plugin);
    if (!share) {
      const used = Math.min(...Array.from(this.#shares.values(), (other) => other.used));
      share = { used: Number.isFinite(used) ? used : 0, running: 0, charts: new Map(), open: new Set() };
      this.#shares.set(plugin, share);
    }
    return share;
  }
}

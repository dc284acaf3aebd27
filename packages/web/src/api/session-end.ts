// The end of a session, in every tab of this browser at once: the server said that nobody is signed in, somebody signed out,
// or the time is up. What a tab shows, and what it holds in memory, is gone then, without a request.

import { useSyncExternalStore } from 'react';

/** `expired`: unused for too long; `ended`: the server ended it; `signed-out`: somebody chose to. */
export type Why = 'expired' | 'ended' | 'signed-out';

type Message =
  | { readonly ended: Why }
  /** Milliseconds since 1970, by this machine's clock, which its tabs share. */
  | { readonly until: number }
  | { readonly began: string }
  /** Somebody signs out, or stays after all. */
  | { readonly leaving: boolean };

const CHANNEL = 'chartwire.session';
/** Milliseconds by which the end must move before other tabs are told. */
const STEP_MS = 1_000;
/** Milliseconds without anything from the user after which what is read is not use. */
const STILL_MS = 60_000;
/** Milliseconds before the end at which somebody is warned. https://www.w3.org/TR/WCAG22/#timing-adjustable */
const WARNING_MS = 60_000;
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

class SessionEnd {
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #watchers = new Set<() => void>();
  readonly #forgetters = new Set<() => void>();
  #why: Why | null = null;
  /** Id of who was signed in here last, so that the next who is does not find their page. */
  #user: string | null = null;
  #until = Number.POSITIVE_INFINITY;
  #answered = Date.now();
  #input = Date.now();
  #timer = 0;
  #warningTimer = 0;
  #warn: () => void = () => {};
  /** Asks the server whether the session is still there; one at a time. */
  #ask: () => Promise<void> = async () => {};
  #asking: Promise<void> | undefined;
  /** How often the session got another cookie here, and whether it is getting one now. */
  #renewals = 0;
  #renewing: Promise<unknown> | undefined;
  /** Somebody signs out in one of the tabs: the server may end another tab's stream before that one has its answer. */
  #leaving = false;

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    for (const name of INPUT) window.addEventListener(name, () => this.#touched(), { capture: true, passive: true });
    // A timer sleeps while the machine does, or while the tab is frozen.
    for (const name of ['focus', 'pageshow', 'online']) window.addEventListener(name, () => this.#look());
    document.addEventListener('visibilitychange', () => this.#look());
    // A page that comes back from the browser's history shows what it showed: nobody knows who sits there now.
    window.addEventListener('pageshow', ({ persisted }) => {
      if (!persisted || this.#user === null) return;
      this.#show('ended');
      void this.asked();
    });
  }

  get why(): Why | null {
    return this.#why;
  }

  /** Whether what is read now is read by the page itself, not for somebody who is there: it must not prolong the session. */
  get still(): boolean {
    return Date.now() - this.#input > STILL_MS;
  }

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** Called at the end, for all that a module holds of patients outside the page. */
  forgetting(forget: () => void): void {
    this.#forgetters.add(forget);
  }

  /** @param warn is called a minute before the end */
  warning(warn: () => void): void {
    this.#warn = warn;
  }

  /** @param ask reads the session again; called when it may be over, or may have begun in another tab */
  asking(ask: () => Promise<void>): void {
    this.#ask = ask;
  }

  /** How often the session got another cookie here: what was sent before may be refused for bringing the old one. */
  get renewals(): number {
    return this.#renewals;
  }

  /** Does `work`, after which the session has another cookie. */
  async renewing<T>(work: () => Promise<T>): Promise<T> {
    this.#renewals++;
    const renewing = work();
    this.#renewing = renewing.catch(() => {});
    try {
      return await renewing;
    } finally {
      this.#renewing = undefined;
    }
  }

  /** A request was refused because nobody is signed in. `renewals`: how many there were when it was sent. */
  refused(renewals: number): void {
    if (renewals === this.#renewals && !this.#renewing) this.end('ended');
    else void this.asked();
  }

  /** Resolves when the server was asked whether the session is still there, whatever it said. */
  asked(): Promise<void> {
    this.#asking ??= Promise.resolve(this.#renewing)
      .then(() => this.#ask())
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  /** The server said how many seconds the session has left. */
  lasts(seconds: number): void {
    this.#answered = Date.now();
    const until = this.#answered + seconds * 1_000;
    const moved = Math.abs(until - this.#until) >= STEP_MS;
    this.#endAt(until);
    if (moved && this.#why === null) this.#tell({ until });
  }

  /** Somebody is signed in. Answers whether it is another than before. */
  began(user: string): boolean {
    const another = this.#user !== null && this.#user !== user;
    const news = this.#why !== null || this.#user !== user;
    this.#user = user;
    if (this.#why !== null) this.#show(null);
    if (news) this.#tell({ began: user });
    return another;
  }

  /** Signs out by `work`: where the session ends meanwhile, in whichever tab, that is why. */
  async leaving(work: () => Promise<void>): Promise<void> {
    this.#leave(true);
    try {
      await work();
    } catch (error) {
      // It is over already; the answer was cut off with everything else.
      if (this.#why !== null) return;
      this.#leave(false);
      throw error;
    }
    this.end('signed-out');
  }

  #leave(leaving: boolean): void {
    this.#leaving = leaving;
    this.#tell({ leaving });
  }

  /** It is over, here and in every other tab. */
  end(why: Why): void {
    if (this.#why !== null || this.#user === null) return;
    this.#tell({ ended: why });
    this.#show(why);
  }

  #hear(message: Message): void {
    if ('leaving' in message) {
      this.#leaving = message.leaving;
    } else if ('ended' in message) {
      if (this.#user !== null) this.#show(this.#why ?? message.ended);
    } else if ('until' in message) {
      if (this.#why === null) this.#endAt(message.until);
    } else {
      // Signed in elsewhere, and so here. What another user was shown goes first.
      if (this.#why === null && this.#user !== null && this.#user !== message.began) this.#show('ended');
      void this.asked();
    }
  }

  #endAt(until: number): void {
    this.#until = until;
    window.clearTimeout(this.#timer);
    window.clearTimeout(this.#warningTimer);
    const left = Math.max(0, until - Date.now());
    this.#timer = window.setTimeout(() => this.#look(), left);
    if (left > WARNING_MS) this.#warningTimer = window.setTimeout(() => this.#warn(), left - WARNING_MS);
  }

  /** Ends it when its time is up. Not told to others: one of them may have heard that it goes on. */
  #look(): void {
    if (this.#why !== null || this.#user === null || Date.now() < this.#until) return;
    this.#show('expired');
    void this.asked();
  }

  /** Somebody who is there and asks for nothing, since they fill in a long form, does use the session. */
  #touched(): void {
    this.#look();
    this.#input = Date.now();
    if (this.#why !== null || this.#input - this.#answered < (this.#until - this.#answered) / 4) return;
    this.#answered = this.#input;
    void this.asked();
  }

  #show(reason: Why | null): void {
    const why = reason === 'ended' && this.#leaving ? 'signed-out' : reason;
    if (why === null) this.#leaving = false;
    this.#why = why;
    if (why !== null) {
      window.clearTimeout(this.#timer);
      window.clearTimeout(this.#warningTimer);
      this.#until = Number.POSITIVE_INFINITY;
      for (const forget of this.#forgetters) forget();
    }
    for (const watcher of this.#watchers) watcher();
  }

  #tell(message: Message): void {
    this.#channel.postMessage(message);
  }
}

export const sessionEnd = new SessionEnd();

/** Why nobody is signed in any more; null while somebody is, or nobody was. */
export function useWhyEnded(): Why | null {
  return useSyncExternalStore(sessionEnd.watch, () => sessionEnd.why);
}

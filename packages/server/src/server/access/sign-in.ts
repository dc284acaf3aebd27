// Sign-in with a password. The checks are ordered so that a refusal doesn't reveal which users exist.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { SignInAttempts } from './attempts.ts';
import type { Browser } from './browser.ts';
import { loginOf } from './login.ts';
import { hashPassword, isOutdated, isPassword, requireGoodPassword } from './passwords.ts';
import type { Begun, Session, Sessions } from './sessions.ts';
import type { User, Users } from './users.ts';

/** Origin of a request, for the limits on attempts. */
type From = Pick<Browser, 'address' | 'known'>;

/** Attempts if the stored password changes meanwhile, each with the current one: it may only have been rehashed. */
const TRIES = 3;

interface Parts {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly attempts: SignInAttempts;
  /** Names of the practice and its address, which passwords must not be made of. */
  readonly practice: () => Promise<readonly string[]>;
}

export class SignIn {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** An unknown login is counted, delayed, and compared like a known one. */
  async withPassword(given: { login: string; password: string }, { address, known }: From): Promise<Begun> {
    const login = loginOf(given.login);
    const succeeded = await this.#parts.attempts.begin({ login, address, browser: known });
    for (let tries = 0; tries < TRIES; tries++) {
      const begun = await this.#begin(login, given.password);
      if (!begun) continue;
      await succeeded();
      return begun;
    }
    throw new Refusal('session.refused');
  }

  /** Undefined if the user changed between the password check and the session. */
  async #begin(login: string, password: string): Promise<Begun | undefined> {
    const { users, sessions } = this.#parts;
    const user = await users.credentials(login);
    const right = await isPassword(password, user?.password ?? null);
    if (!right || !user?.active) throw new Refusal('session.refused');
    const renewed = isOutdated(user.password!) ? await hashPassword(password) : undefined;
    return sessions.begin(user.id, { password: user.password!, renewed });
  }

  /** Chooses a password with an invitation or reset, and signs in. A refused password leaves the link valid. */
  async withLink({ token, password }: { token: string; password: string }, { address }: From): Promise<Begun> {
    const { users, sessions, attempts } = this.#parts;
    attempts.admitLink(address);
    const user = await users.ofLink(token);
    await this.#requireGood(password, user);
    const hashed = await hashPassword(password);
    await users.redeem(token, hashed);
    attempts.linkSucceeded(address);
    const begun = await sessions.begin(user.id, { password: hashed });
    // It was changed or disabled at the same time.
    if (!begun) throw new Refusal('session.refused');
    return begun;
  }

  /** Changes the password of a signed-in user who gives the current one. Returns the new cookie of their session. */
  async changePassword(session: Session, { current, next }: { current: string; next: string }): Promise<string> {
    const { users, attempts } = this.#parts;
    const { user, hash } = session;
    const succeeded = await attempts.beginInSession(user.login);
    const renewed = session.renewed();
    let after: string | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      const before = (await users.credentials(user.login))?.password ?? null;
      if (!(await isPassword(current, before))) throw new Refusal('password.wrong');
      if (after === undefined) {
        await succeeded();
        await this.#requireGood(next, user);
        after = await hashPassword(next);
      }
      const change = { before: before!, after, session: hash, next: renewed };
      if (await users.setPassword(user.id, change)) return renewed.cookie;
    }
    throw new Refusal('password.wrong');
  }

  async #requireGood(password: string, { login, name }: User): Promise<void> {
    await requireGoodPassword(password, { login, name, practice: await this.#parts.practice() });
  }
}

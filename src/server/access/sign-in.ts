// Signing in with a password: what is asked, in which order, so that a refusal says nothing about which users there are.

import { Refusal } from '#kit/errors.ts';
import type { Attempts } from './attempts.ts';
import { hashPassword, isOutdated, isPassword, requireGoodPassword } from './passwords.ts';
import type { Session, Sessions } from './sessions.ts';
import { loginOf, type Users } from './users.ts';

type Begun = Awaited<ReturnType<Sessions['begin']>>;

/** The address that a request comes from, for the limit on attempts. */
interface From {
  readonly address: string;
}

export class SignIn {
  readonly #users: Users;
  readonly #sessions: Sessions;
  readonly #attempts: Attempts;

  constructor(parts: { users: Users; sessions: Sessions; attempts: Attempts }) {
    this.#users = parts.users;
    this.#sessions = parts.sessions;
    this.#attempts = parts.attempts;
  }

  /** An unknown login is counted, locked and compared like a known one. */
  async withPassword(given: { login: string; password: string }, { address }: From): Promise<Begun> {
    const login = loginOf(given.login);
    this.#attempts.admit(address);
    await this.#attempts.begin(login);
    const user = await this.#users.credentials(login);
    const right = await isPassword(given.password, user?.password ?? null);
    if (!right || !user?.active) throw new Refusal('session.refused');
    await this.#attempts.succeeded(login, address);
    if (isOutdated(user.password!)) {
      await this.#users.rehash(user.id, user.password!, await hashPassword(given.password));
    }
    return this.#sessions.begin(user.id);
  }

  /** Chooses a password with an invitation or a reset, and signs in. A password that is refused leaves the link good. */
  async withLink({ token, password }: { token: string; password: string }, { address }: From): Promise<Begun> {
    this.#attempts.admit(address);
    const user = await this.#users.ofLink(token);
    requireGoodPassword(password, user.login);
    await this.#users.redeem(token, await hashPassword(password));
    await this.#attempts.succeeded(user.login, address);
    return this.#sessions.begin(user.id);
  }

  /** A new password for whoever is signed in and knows the old one; their other sessions end. */
  async changePassword(
    { user, hash }: Session,
    change: { current: string; next: string },
    { address }: From,
  ): Promise<void> {
    const { current, next } = change;
    this.#attempts.admit(address);
    await this.#attempts.begin(user.login);
    const known = await this.#users.credentials(user.login);
    if (!(await isPassword(current, known?.password ?? null))) throw new Refusal('password.wrong');
    await this.#attempts.succeeded(user.login, address);
    requireGoodPassword(next, user.login);
    await this.#users.setPassword(user.id, await hashPassword(next), hash);
  }
}

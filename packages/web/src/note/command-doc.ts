// One command of a note while it is looked at: what is typed saves itself, and what is done with it goes through its checks.

import type { CommandShape } from '@chartwire/client/internal/contract/command';
import { Problem } from '@chartwire/client/internal/client/index';
import { server } from '../api/client.ts';
import { problemOf } from '../api/problem-of.ts';
import { Autosave } from './autosave.ts';
import { journalPage } from './journal.ts';
import type { Kind } from './kinds.ts';
import { later } from './later.ts';
import { faultsByField, outcomeOf } from './refusals.ts';
import { same } from './same.ts';
import type { Fields, Outcome, View } from './saving.ts';

export type { CommandShape };
type Override = { readonly check: string; readonly reason: string };
type Overrides = readonly Override[] | undefined;
type Acted = CommandShape & { readonly originated?: CommandShape };

export interface CommandView {
  readonly id: string;
  readonly kind: Kind;
  readonly saving: View<CommandShape, Problem>;
  /** The operation that is under way. */
  readonly doing: string | null;
  /** Why it may not be saved, or done. */
  readonly problem: Problem | null;
  /** Fields that a plugin changed as they were saved here, and which. */
  readonly amended: Readonly<Record<string, string>>;
  /** What is typed in fields with options, by field, while nothing is chosen for it. */
  readonly words: Readonly<Record<string, string>>;
}

/** What its note is told. */
export interface Telling {
  /** It was committed from here. */
  committed(): void;
  originated(command: CommandShape): void;
  gone(): void;
}

type State = Pick<CommandView, 'doing' | 'problem' | 'amended' | 'words'>;
type Send = (overrides: Overrides) => Promise<Acted | undefined>;

export class CommandDoc {
  readonly saving: Autosave<CommandShape, Problem>;
  readonly #watchers = new Set<() => void>();
  readonly #kind: Kind;
  readonly #note: Telling;
  /** Reasons given for going on, by check, each for the very message it answered. */
  readonly #reasons = new Map<string, { readonly message: string; readonly reason: string }>();
  #state: State = { doing: null, problem: null, amended: {}, words: {} };
  #again: (() => Promise<void>) | undefined;
  #view: CommandView;

  constructor(shape: CommandShape, kind: Kind, user: string, note: Telling) {
    this.#kind = kind;
    this.#note = note;
    this.saving = new Autosave<CommandShape, Problem>(shape, {
      send: (fields, stored) => this.#save(fields, stored),
      batch: (ready) => this.#batch(ready),
      journal: journalPage(user, `Command/${shape.id}`),
      later,
    });
    this.#view = this.#look();
    this.saving.watch(() => {
      // Something was changed since: what was refused before may be right by now.
      const corrected = this.#state.problem !== null && this.saving.view.standing === 'unsaved';
      this.#set(corrected ? { problem: null } : {});
    });
  }

  get view(): CommandView {
    return this.#view;
  }

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** Words in a field with options, until one is chosen; none when they are blank. */
  type = (name: string, words: string): void => {
    const { [name]: before = '', ...others } = this.#state.words;
    if (words === before) return;
    // What was refused for words that nothing was chosen for may be right by now.
    const { problem } = this.#state;
    const refused = problem?.faults.some(({ path }) => path === `/fields/${name}`);
    this.#set({ words: words === '' ? others : { ...others, [name]: words }, ...(refused && { problem: null }) });
  };

  commit = (): Promise<void> =>
    this.#do('commit', async (overrides) => {
      await this.#settled();
      return server.commands.commit({ params: this.#params(), body: this.#seen(overrides) });
    });

  enterInError = (reason: string | undefined): Promise<void> =>
    this.#do('enter-in-error', (overrides) =>
      server.commands.enterInError({ params: this.#params(), body: { ...this.#seen(overrides), reason } }),
    );

  /** One of its actions; `done` once the server took it. What `carry-forward` made is told to the note. */
  execute = (action: string, done?: () => void): Promise<void> =>
    this.#do(action, async (overrides) => {
      await this.#settled();
      const acted = await server.commands.execute({
        params: { ...this.#params(), action },
        body: this.#seen(overrides),
      });
      done?.();
      return acted;
    });

  remove = (): Promise<void> =>
    this.#do('delete', async (overrides) => {
      await server.commands.delete({
        params: this.#params(),
        body: { ...(overrides && { overrides: [...overrides] }) },
      });
      this.saving.discard();
      this.#note.gone();
      return undefined;
    });

  /** Goes on although checks asked, with a reason for each. */
  answer(reasons: Readonly<Record<string, string>>): void {
    const problem = this.#state.problem ?? this.saving.view.problem;
    for (const { check, message = '' } of problem?.checks ?? []) {
      const reason = reasons[check];
      if (reason) this.#reasons.set(check, { message, reason });
    }
    this.again();
  }

  /** What was refused is tried once more. */
  again = (): void => {
    if (this.#state.problem) void this.#again?.();
    else this.saving.release();
  };

  /** What it said is read: what was to be done is let be, what was typed against it given up. */
  dismiss = (): void => {
    if (this.#state.problem) this.#set({ problem: null });
    else this.saving.discard();
  };

  async #do(doing: string, run: Send): Promise<void> {
    if (this.#state.doing) return;
    this.#set({ doing, problem: null });
    this.#again = () => this.#do(doing, run);
    try {
      const now = await this.#confirmed(run);
      const was = this.saving.view.stored.state;
      this.#set({ doing: null });
      if (now) this.#heard(now);
      if (now?.state === 'committed' && was !== 'committed') this.#note.committed();
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status === 409 && problem.current) this.saving.take(problem.current as CommandShape);
      this.#set({ doing: null, problem });
    }
  }

  async #save(fields: Fields, stored: CommandShape): Promise<Outcome<CommandShape, Problem>> {
    try {
      const now = await this.#confirmed((overrides) => this.#write(fields, stored, overrides));
      this.#amend(now!, fields);
      return { type: 'saved', now: now! };
    } catch (error) {
      return outcomeOf(error, Object.keys(fields), ({ current }) => current as CommandShape);
    }
  }

  /** A picked option is told as such; everything else is a change of fields. */
  #write(fields: Fields, stored: CommandShape, overrides: Overrides): Promise<Acted> {
    const more = { version: stored.version, ...(overrides && { overrides: [...overrides] }) };
    const [name = '', ...others] = Object.keys(fields);
    const value = fields[name];
    const searched = others.length === 0 && this.#kind.fields[name]?.search !== undefined && value !== null;
    if (searched && grew(stored.fields[name], value))
      return server.commands.select({ params: { ...this.#params(), field: name }, body: { value, ...more } });
    return server.commands.update({ params: this.#params(), body: { fields, ...more } });
  }

  /** Searched fields go one at a time, so that each pick is told. */
  #batch(ready: readonly string[]): readonly string[] {
    const plain = ready.filter((name) => !this.#kind.fields[name]?.search);
    return plain.length > 0 ? plain : ready.slice(0, 1);
  }

  /** What is done with it is done with what is on the screen. */
  async #settled(): Promise<void> {
    this.#refuseWords();
    if (await this.saving.settle()) return;
    throw new Problem({
      status: 0,
      detail: 'What you wrote isn’t saved yet, so this wasn’t done.',
      next: 'Correct the fields that are marked, or wait until the server is back, then try again.',
    });
  }

  /** Words without a choice are in no record: whoever typed them would take them for written. */
  #refuseWords(): void {
    const faults = Object.entries(this.#state.words).flatMap(([name, words]) => {
      const typed = words.trim();
      return typed === '' ? [] : [{ path: `/fields/${name}`, message: unchosenText(typed) }];
    });
    const labels = faults.map(({ path }) => `“${this.#kind.fields[path.split('/')[2]!]?.label}”`);
    if (faults.length === 0) return;
    throw new Problem({
      status: 422,
      code: 'command.fields',
      detail: `Nothing was done: ${labels.join(', ')} ${labels.length === 1 ? 'has' : 'have'} text without a chosen option.`,
      next: 'Choose an option, or remove the text.',
      faults,
    });
  }

  /** What an operation is sent with: the version that is on the screen, and the reasons for going on. */
  #seen(overrides: Overrides): { version: number; overrides?: Override[] } {
    const { version } = this.saving.view.stored;
    return { version, ...(overrides && { overrides: [...overrides] }) };
  }

  /** Sends again with the reasons where every check that asks was answered before, to the same words. */
  async #confirmed(run: Send): Promise<Acted | undefined> {
    try {
      return await run(undefined);
    } catch (error) {
      const asked = error instanceof Problem && error.code === 'gate.confirm' ? error.checks : [];
      const overrides = asked
        .filter(({ outcome }) => outcome === 'confirm')
        .flatMap(({ check, message = '' }): Override[] => {
          const given = this.#reasons.get(check);
          return given?.message === message ? [{ check, reason: given.reason }] : [];
        });
      const all = asked.filter(({ outcome }) => outcome === 'confirm').length;
      if (all === 0 || overrides.length < all) throw error;
      return run(overrides);
    }
  }

  #heard(now: Acted): void {
    const { originated, ...command } = now;
    this.#amend(command, {});
    this.saving.take(command);
    if (originated) this.#note.originated(originated);
  }

  /** Notes what plugins made of it, field by field. */
  #amend(now: CommandShape, sent: Fields): void {
    const amended: Record<string, string> = { ...this.#state.amended };
    for (const name of Object.keys(sent)) delete amended[name];
    for (const { check, outcome, message = '' } of now.checks ?? []) {
      if (outcome === 'amended') for (const name of message.split(', ')) amended[name] = pluginOf(check);
    }
    this.#set({ amended });
  }

  #params(): { id: string } {
    return { id: this.saving.view.stored.id };
  }

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell();
  }

  #look(): CommandView {
    const saving = this.saving.view;
    const problem = this.#state.problem ?? saving.problem ?? null;
    return { id: saving.stored.id, kind: this.#kind, saving, ...this.#state, problem };
  }

  #tell(): void {
    this.#view = this.#look();
    for (const watcher of this.#watchers) watcher();
  }
}

function unchosenText(typed: string): string {
  return `Nothing is chosen for “${typed}”. Choose an option, or remove the text.`;
}

/** What is said at a field: by the server of what was typed, or by whoever refused what was to be done. */
export function faultAt({ saving, problem }: CommandView, name: string): string | undefined {
  return saving.fields[name]?.fault ?? (problem ? faultsByField(problem)[name] : undefined);
}

export function valueAt({ saving }: CommandView, name: string): unknown {
  const local = saving.fields[name];
  return local ? local.value : saving.stored.fields[name];
}

/** `dose-check/RenalDose` is of `dose-check`. */
export function pluginOf(check: string): string {
  return check.split('/')[0] ?? check;
}

/** Something was picked: one where there was another or none, or one more. */
function grew(before: unknown, after: unknown): boolean {
  if (!Array.isArray(after)) return !same(before, after);
  return after.length > (Array.isArray(before) ? before.length : 0);
}

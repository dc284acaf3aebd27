// A note while it is looked at: its title and lines save themselves, its commands come and go, and what others do in it
// appears. It is read by components through `watch` and `view`; each command has a view of its own.

import type { NoteLine } from '@chartwire/sdk/internal/records/note';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { Problem } from '@chartwire/client/internal/client/index';
import { server } from '../api/client.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import type { Heard } from '../api/live.ts';
import { Autosave } from './autosave.ts';
import { isBlank } from './blank-note.ts';
import { bodyOf, type Line, linesBelow, linesOf, mergeBody, moved, textLine } from './body.ts';
import { CommandDoc } from './command-doc.ts';
import { journalPage, unlessOpen } from './journal.ts';
import type { Kinds } from './kinds.ts';
import { later } from './later.ts';
import { linesIn, type StoredNote, saveNote, storedNote } from './note-saving.ts';
import { beginning, type NoteView, type NoteWithCommands } from './note-view.ts';
import { same } from './same.ts';
import { type Standing, type Stored, worst } from './saving.ts';
import { forgetUnmade, isUnmade, makeNote, unmadeJournal, whenMaking } from './unmade.ts';

export class NoteDoc {
  /** The chart that it was written in, where that was merged into this one. */
  readonly mergedFrom: NonNullable<NoteWithCommands['mergedFrom']> | null;
  readonly #id: string;
  readonly #user: string;
  readonly #kinds: Kinds;
  readonly #saving: Autosave<StoredNote, Problem>;
  readonly #commands = new Map<string, CommandDoc>();
  readonly #watchers = new Set<() => void>();
  #lines: readonly Line[];
  #goTo: NoteView['goTo'] = null;
  #originating = 0;
  /** It was begun here, and made at the server with what was written first. */
  readonly #begun: boolean;
  /** What commands that were entered here without a word had in them, by id. */
  readonly #blank = new Map<string, CommandShape['fields']>();
  #view: NoteView;

  constructor(note: NoteWithCommands, user: string, kinds: Kinds) {
    this.#id = note.id;
    this.mergedFrom = note.mergedFrom ?? null;
    this.#user = user;
    this.#kinds = kinds;
    this.#begun = isUnmade(note);
    for (const command of note.commands) this.#put(command);
    this.#saving = new Autosave<StoredNote, Problem>(storedNote(note), {
      send: (fields, stored) => saveNote(note.id, fields, () => this.#madeVersion(stored)),
      merge: (field, { from, mine, theirs }) =>
        field === 'body' ? mergeBody(linesIn(from), linesIn(mine), linesIn(theirs)) : undefined,
      journal: isUnmade(note) ? unmadeJournal(user, note) : journalPage(user, `Note/${note.id}`),
      later,
    });
    this.#lines = linesOf(this.#body());
    this.#goTo = beginning(note, this.#lines);
    this.#view = this.#look();
    this.#saving.watch(() => this.#follow());
    if (isUnmade(note)) whenMaking(note.id, () => this.#make());
  }

  get view(): NoteView {
    return this.#view;
  }

  /** As the server has it. */
  get saved(): NoteWithCommands {
    const commands = [...this.#commands.values()].map(({ saving }) => saving.view.stored);
    return { ...this.#saving.view.stored.note, commands };
  }

  /** Of the note and all of its commands. */
  get standing(): Standing {
    return worst(this.#all().map(({ saving }) => saving.view.standing));
  }

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  setTitle = (title: string): void => this.#saving.edit('title', title);

  blur = (field: 'title' | 'body'): void => this.#saving.blur(field);

  chooseTitle = (side: 'mine' | 'theirs'): void => this.#saving.choose('title', side);

  setText = (key: string, text: string): void =>
    this.#setLines(this.#lines.map((line) => (line.key === key ? { key, text } : line)));

  /** A line of text below another, and the cursor in it. */
  insertText(below: string): void {
    const line = textLine();
    this.#setLines(linesBelow(this.#lines, below, [line]));
    this.goTo(line.key, 'line');
  }

  /** Takes an empty line of text away; the last one stays. */
  dropLine(key: string): void {
    const at = this.#lines.findIndex((line) => line.key === key);
    if (at <= 0 || at === this.#lines.length - 1) return;
    this.#setLines(this.#lines.filter((line) => line.key !== key));
    this.goTo(this.#lines[at - 1]!.key, 'line');
  }

  move(key: string, step: 1 | -1): void {
    const lines = moved(this.#lines, key, step);
    if (lines === this.#lines) return;
    this.#setLines(lines);
    this.goTo(key, 'line');
  }

  /**
   * Enters a command below a line, with what it says already; where that line is an empty one, in its place. `rest` of the
   * text goes below it.
   */
  async originate(
    kind: string,
    below: string | null,
    rest = '',
    fields?: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    this.#originating++;
    const from = this.#body();
    try {
      await this.#make();
      const made = await server.commands.originate({
        params: { id: this.#id },
        body: { command: kind, ...(fields && { fields }) },
        idempotencyKey: newIdempotencyKey(),
      });
      if ('items' in made) return;
      if (!fields) this.#blank.set(made.id, made.fields);
      this.#put(made);
      const after = rest.trim() === '' ? [] : [textLine(rest)];
      this.#lines = linesBelow(this.#lines, below ?? this.#endKey(), [{ key: made.id, command: made.id }, ...after]);
      this.goTo(made.id, 'fields');
      await this.refresh();
      // The server has put it last; here it stands where it was asked for, among what others did meanwhile.
      const merged = mergeBody(from, bodyOf(this.#lines), this.#body());
      this.#setLines(linesOf(merged, this.#lines));
    } finally {
      this.#originating--;
      this.#follow();
    }
  }

  goTo(key: string, into: 'line' | 'fields'): void {
    this.#goTo = { key, into };
    this.#tell();
  }

  arrived = (): void => {
    this.#goTo = null;
    this.#tell();
  };

  /** Lock, sign or unlock, once all that is typed has come to the server. */
  async transition(to: 'lock' | 'sign' | 'unlock', how: { readonly reason?: string } = {}): Promise<void> {
    if (to !== 'unlock') await this.whenSaved();
    const params = { id: this.#id };
    await this.#asSeen((version) => {
      if (to === 'lock') return server.notes.lock({ params, body: { version } });
      if (to === 'sign') return server.notes.sign({ params, body: { ...this.#seen(), version } });
      return server.notes.unlock({ params, body: { reason: how.reason ?? '', version } });
    });
  }

  /** The supervisor signs what is on the screen. */
  async cosign(request: string): Promise<void> {
    const params = { id: this.#id, request };
    await this.#asSeen((version) =>
      server.notes.cosignatureRequests.sign({ params, body: { ...this.#seen(), version } }),
    );
  }

  /** Which commands are on the screen: what is signed. */
  #seen(): { commands: Record<string, number> } {
    return {
      commands: Object.fromEntries([...this.#commands].map(([id, { saving }]) => [id, saving.view.stored.version])),
    };
  }

  /** What another has just made of the note comes to the screen first, and nothing is done to it unseen. */
  async #asSeen(work: (version: number) => Promise<NoteShape>): Promise<void> {
    const { version } = this.#saving.view.stored;
    try {
      this.takeNote(await work(version));
    } catch (error) {
      if (error instanceof Problem && error.status === 409) {
        if (error.current) this.takeNote(error.current as NoteShape);
        // What was refused matters more than why it can’t be read again.
        await this.refresh().catch(() => {});
      }
      throw error;
    }
  }

  /** What is done below or beside a signed note, to the note of this id. */
  async annotate(work: (id: string) => Promise<unknown>): Promise<void> {
    await work(this.#id);
    await this.refresh();
  }

  /** Puts it into the bin. */
  async discard(): Promise<void> {
    if (!(await this.settle())) throw notSaved();
    await server.notes.delete({ params: { id: this.#id } });
  }

  /** Until all that is typed has come to the server; refuses where it can't. */
  async whenSaved(): Promise<void> {
    if (!(await this.settle())) throw notSaved();
  }

  async settle(): Promise<boolean> {
    const docs = [...this.#commands.values()].map(({ saving }) => saving.settle());
    return (await Promise.all([this.#saving.settle(), ...docs])).every(Boolean);
  }

  /** Sends what is kept, now: the server is back. */
  flush = (): void => {
    for (const { saving } of this.#all()) saving.flush();
  };

  async refresh(): Promise<void> {
    this.take(await server.notes.get({ params: { id: this.#id } }));
  }

  take({ commands, mergedFrom: _, ...note }: NoteWithCommands): void {
    for (const command of commands) this.#put(command);
    this.takeNote(note);
  }

  takeNote(note: NoteShape): void {
    const opened = this.#saving.view.stored.note.state !== 'open' && note.state === 'open';
    this.#saving.take(storedNote(note));
    for (const [id] of this.#commands) {
      const there = note.body.some((line) => 'command' in line && line.command === id);
      if (!there && note.version >= this.#saving.view.stored.version) this.#forget(id);
    }
    if (opened) for (const { saving } of this.#all()) saving.release();
    this.#follow();
  }

  /** Reads again what others changed: one command, or the note. What was done here is known already. */
  async hear(events: readonly Heard[]): Promise<void> {
    const here = events.filter(({ note, target }) => note === this.#id || target.id === this.#id);
    const news = here.filter(({ target: { type, id, version } }) => {
      const known = type === 'Note' ? this.#saving.view.stored : this.#commands.get(id)?.saving.view.stored;
      return !known || version === undefined || version > known.version;
    });
    if (news.some(({ target }) => target.type === 'Note')) return this.refresh();
    const ids = new Set(news.flatMap(({ target: { type, id } }) => (type === 'Command' ? [id] : [])));
    for (const id of ids) if (this.#commands.has(id)) this.#put(await server.commands.get({ params: { id } }));
  }

  close(): void {
    for (const { saving } of this.#all()) saving.close();
    forgetUnmade(this.#id);
  }

  /**
   * Nobody looks at it any more. One that was begun here and holds nothing by now goes into the bin, with its visit and with
   * commands that nobody filled in; what the server has decides, so that nothing goes that anybody wrote or charges for.
   */
  async leave(mayDiscard: boolean): Promise<void> {
    const words = [...this.#commands.values()].some(({ view }) => Object.keys(view.words).length > 0);
    const discards = mayDiscard && this.#begun && !isUnmade(this.#saving.view.stored.note) && !words;
    const empty = discards && this.#isBlank(this.saved, this.#body());
    const settled = empty && (await this.settle());
    this.close();
    if (!settled) return;
    const params = { id: this.#id };
    const now = await server.notes.get({ params });
    if (!this.#isBlank(now, now.body)) return;
    await unlessOpen(this.#id, () => server.notes.delete({ params }));
  }

  #isBlank(note: NoteWithCommands, body: readonly NoteLine[]): boolean {
    return this.#saving.value('title') === note.title && isBlank(note, body, this.#blank);
  }

  /** A note is made with the first thing that is written in it. */
  async #make(): Promise<void> {
    const { note } = this.#saving.view.stored;
    if (!isUnmade(note)) return;
    this.takeNote(await makeNote(note));
  }

  async #madeVersion({ note, version }: StoredNote): Promise<number> {
    return isUnmade(note) ? (await makeNote(note)).version : version;
  }

  #all(): readonly { readonly saving: Pick<Autosave<Stored, Problem>, 'view' | 'flush' | 'release' | 'close'> }[] {
    return [{ saving: this.#saving }, ...this.#commands.values()];
  }

  #put(command: CommandShape): void {
    const known = this.#commands.get(command.id);
    if (known) {
      known.saving.take(command);
      return;
    }
    const kind = this.#kinds.get(command.command);
    if (!kind) return;
    const { id } = command;
    this.#commands.set(
      id,
      new CommandDoc(command, kind, this.#user, {
        committed: () => this.#goBelow(id),
        originated: (copy) => {
          this.#put(copy);
          this.#setLines(linesBelow(this.#lines, id, [{ key: copy.id, command: copy.id }]));
          this.goTo(copy.id, 'fields');
          void this.refresh();
        },
        gone: () => this.#remove(id),
      }),
    );
  }

  #remove(id: string): void {
    const at = this.#lines.findIndex(({ key }) => key === id);
    this.#forget(id);
    this.#lines = this.#lines.filter(({ key }) => key !== id);
    const next = this.#lines[Math.min(at, this.#lines.length - 1)];
    if (next) this.#goTo = { key: next.key, into: 'line', from: id };
    this.#tell();
    void this.refresh();
  }

  /** One writes on below what is done. */
  #goBelow(id: string): void {
    const next = this.#lines[this.#lines.findIndex(({ key }) => key === id) + 1];
    if (next) this.#goTo = { key: next.key, into: 'line', from: id };
    this.#tell();
  }

  #forget(id: string): void {
    this.#commands.get(id)?.saving.close();
    this.#commands.delete(id);
  }

  #endKey(): string | null {
    return this.#lines.at(-1)?.key ?? null;
  }

  #setLines(lines: readonly Line[]): void {
    this.#lines = lines;
    const body = bodyOf(lines);
    if (!same(body, this.#saving.value('body'))) this.#saving.edit('body', body);
    this.#tell();
  }

  /** The saved lines may have become others: somebody else's. */
  #follow(): void {
    const body = this.#body();
    if (this.#originating === 0 && !same(body, bodyOf(this.#lines))) this.#lines = linesOf(body, this.#lines);
    this.#tell();
  }

  #body(): readonly NoteLine[] {
    return linesIn(this.#saving.value('body'));
  }

  #look(): NoteView {
    const saving = this.#saving.view;
    return {
      note: saving.stored.note,
      title: String(this.#saving.value('title') ?? ''),
      lines: this.#lines,
      saving,
      commands: this.#commands,
      goTo: this.#goTo,
    };
  }

  #tell(): void {
    this.#view = this.#look();
    for (const watcher of this.#watchers) watcher();
  }
}

function notSaved(): Problem {
  return new Problem({
    status: 0,
    detail: 'Part of this note isn’t saved yet.',
    next: 'Correct the marked fields, or wait until the server is back, then try again.',
  });
}

// Commands, run: originated, edited, committed, deleted, entered in error, and asked for their actions. Every step asks
// its gates first, and is written with what it makes in the same unit of work.

import { commandByKey } from '@chartwire/sdk/internal/commands/index';
import { changedFields } from '@chartwire/sdk/internal/events/entries';
import { actionsOf, BASE_ACTIONS, type Command, type Operation } from '@chartwire/sdk/internal/kit/command-kind';
import { dayOf } from '@chartwire/sdk/internal/kit/calendar';
import { constantCase } from '@chartwire/sdk/internal/kit/constant-case';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { fromEntriesOf } from '@chartwire/sdk/internal/kit/json/literals';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';
import { isEntry } from '@chartwire/sdk/internal/records/chart-record';
import type { CommandEntry, Made } from '@chartwire/sdk/internal/records/command-entry';
import type { Note } from '@chartwire/sdk/internal/records/note';
import type { Store } from '#store/contract.ts';
import type { Bus } from '../bus.ts';
import type { BuiltInCheck } from '../checks/check.ts';
import { CHECKS } from '../checks/index.ts';
import type { Origin } from '../origin.ts';
import type { ChartDraft } from '../draft.ts';
import { madeToken } from '../entry.ts';
import { openNote } from '../notes.ts';
import { zoneOfVisit } from '../time-zones.ts';
import { onAmended } from './amendment.ts';
import { selectedEvent } from './command-events.ts';
import { authorOption, deskFor, refuseForeign } from './desk.ts';
import { type Fields, initialFields, mergeFields, refuseIncomplete, type Terms, takeFields } from './fields.ts';
import { Gates, type Passed, type Question } from './gates.ts';
import { who, withPassed } from './kept.ts';
import { type Found, recordsSearched, searchable, searchOptions } from './search.ts';
import { commitsBy, refuseState, refuseUnstaged, stateAfter } from './states.ts';
import { undo } from './undo.ts';

export interface Wish {
  /** Version of the command that the caller saw. */
  readonly ifVersion?: number;
  readonly overrides?: readonly { check: string; reason: string }[];
}

export interface Originate extends Wish {
  readonly note: string;
  /** `prescribe`. */
  readonly command: string;
  readonly fields?: Fields;
  /** An id of the caller's own, so that a repeat is seen. */
  readonly id?: string;
  /** Commit at once. */
  readonly commit?: boolean;
}

interface RecordName {
  readonly type: string;
  readonly id: string;
}

export interface CommandServices {
  readonly store: Store;
  readonly bus: Bus;
  readonly terms: Terms;
  /** Milliseconds that the plugins asked about one operation, or one search, have together; 300 unless given. */
  readonly budgetMs?: number;
  /** Names of the checks that come with Chartwire and are switched off; none unless given. */
  readonly checksOff?: () => Promise<ReadonlySet<string>>;
}

/** What a clinician does not notice. */
const BUDGET_MS = 300;

/** Every method fills a draft, for whoever `origin` names, and throws a `Refusal` when it may not be. */
export class Commands {
  readonly #services: Required<CommandServices>;
  readonly #gates: Gates;

  constructor(services: CommandServices) {
    const { budgetMs = BUDGET_MS, checksOff = async () => new Set<string>() } = services;
    this.#services = { ...services, budgetMs, checksOff };
    this.#gates = new Gates(services.bus, this.#services.budgetMs);
  }

  async originate(outside: ChartDraft, origin: Origin, wish: Originate): Promise<CommandEntry> {
    const kind = kindOf(wish.command);
    const draft = outside.inNote(wish.note);
    draft.require('Command', 'c');
    if (wish.commit) draft.implied('Command', 'u');
    // The line in the note goes with the command.
    const page = draft.implied('Command', 'c');
    await page.claim('Note', wish.note, 'u');
    const note = await openNote(draft, wish.note);
    const id = wish.id ?? draft.newId();
    if (await draft.entry('Command', id))
      throw new Refusal('command.state', { reason: `the command ${id} is there already` });
    const today = dayOf(new Date(draft.at), await zoneOfVisit(draft, note.encounter));
    const initial = initialFields(kind, today, await authorOption(draft, origin.actor));
    const taken = await this.#take(kind, wish.fields ?? {}, draft, note.patient);
    const entry: CommandEntry = {
      resourceType: 'Command',
      id,
      patient: note.patient,
      note: note.id,
      command: kind.key,
      state: 'staged',
      fields: {},
      originator: who(origin.actor),
      originatedAt: draft.at,
      made: [],
      overrides: [],
      actions: [],
    };
    const proposed = mergeFields(initial, taken);
    const passed = await this.#askGates(draft, origin, 'ORIGINATE', kind, entry, wish, proposed, (now) => ({
      fields: {},
      proposed: now,
    }));
    const originated = await this.#amended(draft, kind, entry, passed);
    await draft.putEntry(originated, { ifVersion: 0, checks: passed.checks });
    await page.putEntry({ ...note, body: [...note.body, { command: id }] });
    return wish.commit ? this.commit(draft, origin, id, { overrides: wish.overrides }) : originated;
  }

  /** Fields that are not named stay as they are. */
  async update(
    outside: ChartDraft,
    origin: Origin,
    id: string,
    fields: Fields,
    wish: Wish = {},
  ): Promise<CommandEntry> {
    const { entry, kind, draft } = await this.#open(outside, id, 'u');
    refuseUnstaged(entry, 'edited');
    const taken = await this.#take(kind, fields, draft, entry.patient);
    const proposed = mergeFields(entry.fields, taken);
    const passed = await this.#askGates(draft, origin, 'UPDATE', kind, entry, wish, proposed, (now) => ({
      fields: entry.fields,
      proposed: now,
      changed: changedFields(entry.fields, now),
    }));
    return this.#put(draft, await this.#amended(draft, kind, entry, passed), passed, wish);
  }

  async commit(outside: ChartDraft, origin: Origin, id: string, wish: Wish = {}): Promise<CommandEntry> {
    const { entry, kind, note, draft } = await this.#open(outside, id, 'u');
    const records = draft.implied('Command', 'u');
    refuseState(entry, 'committed');
    refuseIncomplete(kind, entry.fields);
    const passed = await this.#askGates(draft, origin, 'COMMIT', kind, entry, wish, entry.fields, (now) => ({
      fields: now,
    }));
    const amended = await this.#amended(draft, kind, entry, passed);
    await onAmended(passed, () => refuseIncomplete(kind, amended.fields));
    const before = new Map(draft.records.map((record) => [record, record.after]));
    const timeZone = await zoneOfVisit(draft, note.encounter);
    await kind.commit(
      amended.fields as never,
      deskFor(records, kind, amended, note, { actor: origin.actor, timeZone }),
    );
    const made = draft.records.flatMap((record): Made[] => {
      if (record.after === null || isEntry(record.after) || before.get(record) === record.after) return [];
      const version = (record.before?.version ?? 0) + 1;
      return [{ type: record.type, id: record.id, version, created: !record.before || record.before.deleted }];
    });
    const committed: CommandEntry = {
      ...amended,
      state: 'committed',
      committer: who(origin.actor),
      committedAt: draft.at,
      made,
    };
    return this.#put(draft, committed, passed, wish);
  }

  /** Only a staged command can be deleted: nothing has come of it yet. */
  async delete(outside: ChartDraft, origin: Origin, id: string, wish: Wish = {}): Promise<void> {
    const { entry, kind, note, draft } = await this.#open(outside, id, 'd');
    const page = draft.implied('Command', 'd');
    await page.claim('Note', note.id, 'u');
    refuseUnstaged(entry, 'deleted');
    const passed = await this.#askGates(draft, origin, 'DELETE', kind, entry, wish, entry.fields, () => ({
      fields: entry.fields,
    }));
    await draft.removeEntry('Command', id, { checks: passed.checks, ifVersion: wish.ifVersion });
    await page.putEntry({ ...note, body: note.body.filter((line) => !('command' in line) || line.command !== id) });
  }

  /** Marks what the command made as entered in error and takes back what it changed. */
  async enterInError(
    outside: ChartDraft,
    origin: Origin,
    id: string,
    wish: Wish & { reason?: string | undefined } = {},
  ): Promise<CommandEntry> {
    const { entry, kind, draft } = await this.#open(outside, id, 'u');
    refuseState(entry, 'entered-in-error');
    const said = wish.reason === undefined ? {} : { reason: wish.reason };
    const passed = await this.#askGates(draft, origin, 'ENTER_IN_ERROR', kind, entry, wish, entry.fields, () => ({
      fields: entry.fields,
      ...said,
    }));
    await undo(draft.implied('Command', 'u'), this.#services.store, entry.made);
    const erroneous: CommandEntry = {
      ...withPassed(entry, passed),
      state: 'entered-in-error',
      enteredInError: { by: who(origin.actor), at: draft.at, ...said },
    };
    return this.#put(draft, erroneous, passed, wish);
  }

  /**
   * What came of a record that a command made is among what the command made: it is shown with it and entered in error
   * with it. Nothing for a record that no command made.
   */
  async adopt(draft: ChartDraft, made: RecordName, of: RecordName): Promise<void> {
    const [found] = await this.#services.store.entries('Command', { token: madeToken(of), limit: 1 });
    const entry = found && (await draft.entry('Command', found.id));
    if (!entry || entry.made.some(({ type, id }) => type === made.type && id === made.id)) return;
    const version = await draft.versionOf(made.type, made.id);
    const more: CommandEntry = { ...entry, made: [...entry.made, { ...made, version, created: true }] };
    await draft.bySystem().putEntry(more);
  }

  /** `print` and the like change nothing but are told; `carry-forward` originates a copy in an open note. */
  async execute(
    outside: ChartDraft,
    origin: Origin,
    id: string,
    action: string,
    wish: Wish & { note?: string } = {},
  ): Promise<CommandEntry> {
    const { entry, kind, draft } = await this.#find(outside, id, 'u');
    const actions = actionsOf(kind);
    if (!actions.includes(action)) {
      const reason = `${kind.label} has no action ${action}; it has ${actions.join(', ')}`;
      throw new Refusal('request.invalid', { reason });
    }
    const commits = commitsBy(entry, action);
    // Base actions, and sending what is committed, leave what is written alone, so a locked note has them too.
    const leavesAlone = BASE_ACTIONS.some((base) => base === action) || (action === 'send' && !commits);
    if (!leavesAlone) await openNote(draft, entry.note);
    const passed = await this.#askGates(draft, origin, 'EXECUTE_ACTION', kind, entry, wish, entry.fields, () => ({
      fields: entry.fields,
      action,
    }));
    const done = { action, by: who(origin.actor), at: draft.at };
    const executed = {
      ...withPassed(entry, passed),
      ...stateAfter(entry, action),
      actions: [...entry.actions, done],
    };
    const put = await this.#put(draft, executed, passed, wish);
    if (commits) return this.commit(draft, origin, id, { overrides: wish.overrides });
    if (action === 'carry-forward') {
      const note = wish.note ?? entry.note;
      await this.originate(draft, origin, {
        note,
        command: entry.command,
        fields: entry.fields,
        overrides: wish.overrides,
      });
    }
    return put;
  }

  /** Options for a field with a search, as plugins have it. */
  async options(outside: ChartDraft, origin: Origin, id: string, name: string, query: string): Promise<Found> {
    const { entry, kind, draft } = await this.#find(outside, id, 'r');
    const field = searchable(kind, name);
    for (const type of recordsSearched(kind, name)) draft.require(type, 's');
    const version = await draft.versionOf('Command', id);
    const { at } = draft;
    return searchOptions(this.#services, {
      kind,
      entry,
      version,
      name,
      field,
      query,
      origin,
      at,
      newId: () => draft.newEventId(),
    });
  }

  /** An option was picked: the field holds it, and SELECTED is told. */
  async select(
    outside: ChartDraft,
    origin: Origin,
    id: string,
    name: string,
    value: unknown,
    wish: Wish = {},
  ): Promise<CommandEntry> {
    const { kind, draft } = await this.#find(outside, id, 'u');
    const { search } = searchable(kind, name);
    const entry = await this.update(draft, origin, id, { [name]: value }, wish);
    const option = [entry.fields[name]].flat().at(-1) as Option | undefined;
    draft.emit({
      ...selectedEvent(entry, await draft.versionOf('Command', id), { field: name, option, user: origin.actor }),
      type: search?.selected ?? `${kind.prefix}__${constantCase(name)}__SELECTED`,
    });
    for (const { system, code } of option?.coding ?? []) {
      if (system) draft.afterCommit(() => this.#services.terms.noteUse(system, code));
    }
    return entry;
  }

  async #open(
    outside: ChartDraft,
    id: string,
    permission: Permission,
  ): Promise<FoundCommand & { readonly note: Note }> {
    const found = await this.#find(outside, id, permission);
    return { ...found, note: await openNote(found.draft, found.entry.note) };
  }

  async #find(outside: ChartDraft, id: string, permission: Permission): Promise<FoundCommand> {
    const entry = await outside.claim('Command', id, permission);
    if (!entry) throw new Refusal('command.not-found', { id });
    return { entry, kind: kindOf(entry.command), draft: outside.inNote(entry.note) };
  }

  async #take(kind: Command, fields: Fields, draft: ChartDraft, patient: string): Promise<Fields> {
    const taken = await takeFields(kind, fields, draft, this.#services.terms);
    await refuseForeign(draft, kind, patient, taken);
    return taken;
  }

  async #askGates(
    draft: ChartDraft,
    origin: Origin,
    operation: Operation,
    kind: Command,
    entry: CommandEntry,
    wish: Wish,
    proposed: Fields,
    context: (now: Fields) => Record<string, unknown>,
  ): Promise<Passed> {
    const question: Question = {
      operation,
      prefix: kind.prefix,
      entry,
      version: await draft.versionOf('Command', entry.id),
      context,
      proposed,
      origin,
      at: draft.at,
      newId: () => draft.newEventId(),
      overrides: wish.overrides ?? [],
      ...(operation === 'COMMIT' && {
        own: {
          checks: await this.#checksOf(kind),
          asked: { patient: entry.patient, draft, terms: this.#services.terms, at: draft.at },
        },
      }),
    };
    return draft.askOnce(proposalOf(question), () => this.#gates.ask(question));
  }

  /** The checks that come with Chartwire, of this command, that are switched on. */
  async #checksOf({ key }: Command): Promise<readonly BuiltInCheck[]> {
    const own = CHECKS.filter(({ command }) => command === key);
    if (own.length === 0) return [];
    const off = await this.#services.checksOff();
    return own.filter(({ name }) => !off.has(name));
  }

  /** The entry with the fields that the gates let pass; amended ones are checked like anybody's. */
  async #amended(draft: ChartDraft, kind: Command, entry: CommandEntry, passed: Passed): Promise<CommandEntry> {
    const { fields } = passed;
    const names = changedFields(entry.fields, fields);
    const changes = fromEntriesOf(
      fields,
      names.map((name) => [name, fields[name] ?? null]),
    );
    const taken = await onAmended(passed, () => this.#take(kind, changes, draft, entry.patient));
    return { ...withPassed(entry, passed), fields: mergeFields(entry.fields, taken) };
  }

  async #put(draft: ChartDraft, entry: CommandEntry, { checks }: Passed, { ifVersion }: Wish): Promise<CommandEntry> {
    await draft.putEntry(entry, { checks, ...(ifVersion === undefined ? {} : { ifVersion }) });
    return entry;
  }
}

/** A command, its kind, and the draft for what happens in its note. */
interface FoundCommand {
  readonly entry: CommandEntry;
  readonly kind: Command;
  readonly draft: ChartDraft;
}

/** What gates judge: the same proposal again needs no second answer. */
function proposalOf({ operation, entry, version, context, proposed, overrides }: Question): string {
  return printJson([operation, entry.id, version, entry.state, entry.fields, context(proposed), proposed, overrides]);
}

function kindOf(key: string): Command {
  const kind = commandByKey(key);
  if (!kind) throw new Refusal('command.unknown', { command: key });
  return kind as Command;
}

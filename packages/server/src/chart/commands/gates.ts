// Runs the gates of a command's operation: each may refuse, ask for confirmation, or amend the proposal. Plugins come first, then
// the built-in checks, which see amended values and have no time limit.

import { Value } from 'typebox/value';
import { GATE_ANSWERS, type GateAnswer } from '@chartwire/sdk/internal/effects/answers';
import type { Operation } from '@chartwire/sdk/internal/kit/command-kind';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { adoptLiterals, mergeLiterals } from '@chartwire/sdk/internal/kit/json/literals';
import type { Override, Unanswered } from '@chartwire/sdk/internal/records/command-entry';
import type { Asked, Bus, Reply } from '../bus.ts';
import type { BuiltInCheck, CheckedCommit } from '../checks/check.ts';
import type { Check } from '../draft.ts';
import { type Asking, askedEvent } from './command-events.ts';
import type { Fields } from './fields.ts';
import { who } from './kept.ts';

/** A command's operation, before it happens. */
export interface Question extends Asking {
  readonly operation: Operation;
  readonly prefix: string;
  /** What the event's context adds to command, note, and patient. Amended fields go into `proposed`. */
  context(proposed: Fields): Record<string, unknown>;
  readonly proposed: Fields;
  /** The caller's reasons for gates that ask for confirmation. */
  readonly overrides: readonly { check: string; reason: string }[];
  /** The enabled built-in checks that apply, if this is a commit. */
  readonly own?: {
    readonly checks: readonly BuiltInCheck[];
    /** What they examine in addition to the fields. */
    readonly asked: Omit<CheckedCommit, 'fields'>;
  };
}

/** All gates agreed: with these fields, checks, and confirmations, and without these answers. */
export interface Passed {
  readonly fields: Fields;
  readonly checks: readonly Check[];
  readonly overrides: readonly Override[];
  readonly unanswered: readonly Unanswered[];
}

/** Operations that write fields, which a gate may amend. */
const WRITES_FIELDS: ReadonlySet<Operation> = new Set(['ORIGINATE', 'UPDATE', 'COMMIT']);

/** A handler, and the event to send it. */
interface Gate {
  readonly handler: Asked;
  readonly type: string;
  /** A built-in check. */
  readonly check?: BuiltInCheck;
}

/** `chartwire/allergy`: the source of a built-in check's answer. */
const OWN = 'chartwire';

export class Gates {
  readonly #bus: Bus;
  readonly #budgetMs: number;
  /** Names of handlers that have amended before, so later ones wait for their answers. */
  readonly #amending = new Set<string>();

  /** All gates of one operation share `budgetMs`. */
  constructor(bus: Bus, budgetMs: number) {
    this.#bus = bus;
    this.#budgetMs = budgetMs;
  }

  /**
   * Runs the generic event's gates, then the command's own; each sees earlier amendments.
   *
   * @throws {Refusal} `gate.refused`, `gate.confirm`, or `gate.blocked`
   */
  async ask(question: Question): Promise<Passed> {
    const { operation, prefix } = question;
    const types = [`PRE_COMMAND_${operation}`, `${prefix}_COMMAND__PRE_${operation}`];
    const ofPlugins = types.flatMap((type) => this.#bus.handlersOf(type).map((handler) => ({ handler, type })));
    const own = (question.own?.checks ?? []).map((check): Gate => {
      return {
        handler: { name: `${OWN}/${check.name}`, plugin: 'Chartwire', policy: 'allow' },
        type: types[1]!,
        check,
      };
    });
    let gates: Gate[] = [...ofPlugins, ...own];
    const round = new Round(this.#bus, question, this.#budgetMs);
    while (gates.length > 0) gates = gates.slice(await this.#askSideBySide(round, gates));
    return round.end();
  }

  /**
   * Asks in parallel as many as are expected not to amend, and the next one; returns how many have answered. If one amends
   * anyway, later ones were asked about an outdated proposal, so their answers are discarded.
   */
  async #askSideBySide(round: Round, gates: readonly Gate[]): Promise<number> {
    const amending = gates.findIndex(({ handler }) => this.#amending.has(handler.name));
    const now = amending < 0 ? gates : gates.slice(0, amending + 1);
    // The remaining time is shared with later gates, so that a late one delays only itself.
    const later = gates.slice(now.length);
    const turns =
      later.length === 0 ? 1 : 2 + later.slice(0, -1).filter(({ handler }) => this.#amending.has(handler.name)).length;
    const replies = now.map((gate) => round.ask(gate, turns));
    // A failure is thrown in order, not while waiting for an earlier gate.
    for (const reply of replies) reply.catch(() => {});
    for (const [index, reply] of replies.entries()) {
      const gate = gates[index]!;
      if (!round.take(gate, await reply)) continue;
      this.#amending.add(gate.handler.name);
      return index + 1;
    }
    return replies.length;
  }
}

/** The answers to one operation so far. */
class Round {
  readonly #bus: Bus;
  readonly #question: Question;
  readonly #end: number;
  readonly #checks: Said[] = [];
  readonly #overrides: Override[] = [];
  readonly #unanswered: Unanswered[] = [];
  #fields: Fields;
  /** The refusal takes its name from the first of each kind; the others are included. */
  #refusal: Refusal | undefined;
  #confirmation: Refusal | undefined;

  constructor(bus: Bus, question: Question, budgetMs: number) {
    this.#bus = bus;
    this.#question = question;
    this.#end = performance.now() + budgetMs;
    this.#fields = question.proposed;
  }

  /** Asks one gate about the current proposal. The remaining time is divided by the number of turns left. */
  async ask({ handler, type, check }: Gate, turns: number): Promise<Reply> {
    if (check) return answerOfOwn(check, { ...this.#question.own!.asked, fields: this.#fields });
    const left = (this.#end - performance.now()) / turns;
    if (left <= 0) return { answered: false, message: 'the time for checks was over', ms: 0 };
    return this.#bus.ask(handler, askedEvent(this.#question, type, this.#question.context(this.#fields)), left);
  }

  /** Whether it amended something. */
  take({ handler, type }: Gate, reply: Reply): boolean {
    const { execution, ms } = reply;
    const base = { check: handler.name, event: type, ms: Math.round(ms * 10) / 10, ...(execution && { execution }) };
    const answers = reply.answered ? reply.effects.map(answerOf) : [];
    const message = reply.answered ? this.#wrongIn(answers) : reply.message;
    if (message !== undefined) {
      const { operation } = this.#question;
      this.#checks.push({ ...base, outcome: 'did-not-run', message });
      this.#unanswered.push({ check: handler.name, operation, message, ...this.#occasion });
      if (handler.policy === 'block')
        this.#refusal ??= new Refusal('gate.blocked', { plugin: handler.plugin, message });
      return false;
    }
    if (answers.length === 0) this.#checks.push({ ...base, outcome: 'passed' });
    for (const answer of answers) this.#take(handler, base, answer!);
    return answers.some((answer) => answer?.type === 'AMEND');
  }

  end(): Passed {
    const refusal = this.#refusal ?? this.#confirmation;
    if (!refusal)
      return {
        fields: this.#fields,
        checks: this.#checks.filter(isPassed),
        overrides: this.#overrides,
        unanswered: this.#unanswered,
      };
    const told = this.#checks.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'amended');
    const faults = told.flatMap(({ field, message = '' }) => (field ? [{ path: `/fields/${field}`, message }] : []));
    throw new Refusal(refusal.code, { ...refusal.values }, faults, { checks: told });
  }

  /** Who proceeded, and when: stored with what they overrode, or what was missing. */
  get #occasion(): Pick<Override, 'by' | 'at'> {
    const { origin, at } = this.#question;
    return { by: who(origin.actor), at };
  }

  /** What is wrong with its answer. */
  #wrongIn(answers: readonly (GateAnswer | undefined)[]): string | undefined {
    if (answers.includes(undefined)) return 'it answered with something other than refuse, confirm or amend';
    if (WRITES_FIELDS.has(this.#question.operation)) return undefined;
    return answers.some((answer) => answer?.type === 'AMEND')
      ? 'it amended fields, and none are written here'
      : undefined;
  }

  #take(handler: Asked, base: Pick<Check, 'check' | 'event' | 'ms' | 'execution'>, answer: GateAnswer): void {
    if (answer.type === 'AMEND') {
      const { fields } = answer.payload;
      adoptLiterals(fields, this.#fields);
      this.#fields = mergeLiterals({ ...this.#fields, ...fields }, this.#fields, fields);
      this.#checks.push({ ...base, outcome: 'amended', message: Object.keys(fields).join(', ') });
      return;
    }
    const { message, field } = answer.payload;
    const named = { ...base, message, ...(field === undefined ? {} : { field }) };
    const values = { plugin: handler.plugin, message };
    const override = this.#question.overrides.find(({ check }) => check === handler.name);
    if (answer.type === 'REFUSE') {
      this.#refusal ??= new Refusal('gate.refused', values);
      this.#checks.push({ ...named, outcome: 'refused' });
    } else if (override) {
      this.#overrides.push({ check: handler.name, message, reason: override.reason, ...this.#occasion });
      this.#checks.push({ ...named, outcome: 'overridden', reason: override.reason });
    } else {
      this.#confirmation ??= new Refusal('gate.confirm', values);
      this.#checks.push({ ...named, outcome: 'confirm' });
    }
  }
}

/** A gate's answer, about a change made or prevented. */
type Said = Check | Stop;
type Stop = Omit<Check, 'outcome'> & { readonly outcome: 'refused' | 'confirm' };

function isPassed(said: Said): said is Check {
  return said.outcome !== 'refused' && said.outcome !== 'confirm';
}

/** A built-in check answers like a plugin. If it fails, that is a bug: nothing is written without its answer. */
async function answerOfOwn(check: BuiltInCheck, asked: CheckedCommit): Promise<Reply> {
  const began = performance.now();
  const found = await check.run(asked);
  const ms = performance.now() - began;
  if (found?.outcome === 'unknown') return { answered: false, message: found.message, ms };
  if (!found) return { answered: true, effects: [], ms };
  const { outcome, ...payload } = found;
  return { answered: true, effects: [{ type: outcome === 'refuse' ? 'REFUSE' : 'CONFIRM', payload }], ms };
}

function answerOf({ type, payload }: { type: string; payload: unknown }): GateAnswer | undefined {
  const schema = Object.hasOwn(GATE_ANSWERS, type) ? GATE_ANSWERS[type as keyof typeof GATE_ANSWERS] : undefined;
  return schema && Value.Check(schema, payload) ? ({ type, payload } as GateAnswer) : undefined;
}

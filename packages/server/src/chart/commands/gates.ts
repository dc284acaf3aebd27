// Asking the gates of a command's operation: each may refuse, ask for confirmation, or amend what is proposed. Those of
// plugins first, then the checks that come with Chartwire, which see what plugins amended and are not held to their time.

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

/** A command's operation, about to happen. */
export interface Question extends Asking {
  readonly operation: Operation;
  readonly prefix: string;
  /** What the event's context holds beside command, note and patient; amended fields go into `proposed`. */
  context(proposed: Fields): Record<string, unknown>;
  readonly proposed: Fields;
  /** What the caller says to gates that ask for confirmation. */
  readonly overrides: readonly { check: string; reason: string }[];
  /** The checks that come with Chartwire and are switched on, where this is a commit that they are asked about. */
  readonly own?: {
    readonly checks: readonly BuiltInCheck[];
    /** What they look at beside the fields. */
    readonly asked: Omit<CheckedCommit, 'fields'>;
  };
}

/** All gates have let it pass: with these fields, these checks, these confirmations, and without these answers. */
export interface Passed {
  readonly fields: Fields;
  readonly checks: readonly Check[];
  readonly overrides: readonly Override[];
  readonly unanswered: readonly Unanswered[];
}

/** Operations that write fields, which a gate may amend. */
const WRITES_FIELDS: ReadonlySet<Operation> = new Set(['ORIGINATE', 'UPDATE', 'COMMIT']);

/** A handler, and the event that it is asked about. */
interface Gate {
  readonly handler: Asked;
  readonly type: string;
  /** One of Chartwire's own. */
  readonly check?: BuiltInCheck;
}

/** `chartwire/allergy`: how the answer of a check of Chartwire's own is named. */
const OWN = 'chartwire';

export class Gates {
  readonly #bus: Bus;
  readonly #budgetMs: number;
  /** Names of handlers that amended something before, and may again: whoever comes after them waits for their answer. */
  readonly #amending = new Set<string>();

  /** All gates of one operation have `budgetMs` together. */
  constructor(bus: Bus, budgetMs: number) {
    this.#bus = bus;
    this.#budgetMs = budgetMs;
  }

  /**
   * Asks the generic event's gates, then the command's own: each sees what the ones before it amended. Throws
   * `gate.refused`, `gate.confirm` or `gate.blocked`.
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
   * Asks as many as may be expected to amend nothing at the same time, and the next one; gives how many have answered. Where
   * one amends all the same, what those after it were asked is no longer what is proposed, and their answers do not count.
   */
  async #askSideBySide(round: Round, gates: readonly Gate[]): Promise<number> {
    const amending = gates.findIndex(({ handler }) => this.#amending.has(handler.name));
    const now = amending < 0 ? gates : gates.slice(0, amending + 1);
    // Those who are waited for share the time that is left with those who come after: one that is late is late alone.
    const later = gates.slice(now.length);
    const turns =
      later.length === 0 ? 1 : 2 + later.slice(0, -1).filter(({ handler }) => this.#amending.has(handler.name)).length;
    const replies = now.map((gate) => round.ask(gate, turns));
    // A failure of one is thrown when its turn comes, not while another is waited for.
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

/** What was said about one question so far. */
class Round {
  readonly #bus: Bus;
  readonly #question: Question;
  readonly #end: number;
  readonly #checks: Said[] = [];
  readonly #overrides: Override[] = [];
  readonly #unanswered: Unanswered[] = [];
  #fields: Fields;
  /** The first of each kind is what the answer is named after; the others go along. */
  #refusal: Refusal | undefined;
  #confirmation: Refusal | undefined;

  constructor(bus: Bus, question: Question, budgetMs: number) {
    this.#bus = bus;
    this.#question = question;
    this.#end = performance.now() + budgetMs;
    this.#fields = question.proposed;
  }

  /** Asks one about the fields as they are proposed by now, in one of so many turns that the time is left for. */
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

  /** Who goes on, and when: kept with what they went on against, or without. */
  get #occasion(): Pick<Override, 'by' | 'at'> {
    const { origin, at } = this.#question;
    return { by: who(origin.actor), at };
  }

  /** What is wrong with what it answered. */
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

/** What a gate said: of a change that is made, or so that it is not. */
type Said = Check | Stop;
type Stop = Omit<Check, 'outcome'> & { readonly outcome: 'refused' | 'confirm' };

function isPassed(said: Said): said is Check {
  return said.outcome !== 'refused' && said.outcome !== 'confirm';
}

/** A check of Chartwire's own answers as a plugin would. One that fails is a bug: nothing is written without its answer. */
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

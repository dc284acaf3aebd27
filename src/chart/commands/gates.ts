// Asking the gates of a command's operation: each may refuse, ask for confirmation, or amend what is proposed.

import { Value } from 'typebox/value';
import { GATE_ANSWERS, type GateAnswer } from '#effects/answers.ts';
import type { Operation } from '#kit/command-kind.ts';
import { Refusal } from '#kit/errors.ts';
import type { Override } from '#records/command-entry.ts';
import type { Asked, Bus, Reply } from '../bus.ts';
import type { Check } from '../draft.ts';
import { type Asking, askedEvent } from './command-events.ts';

/** A command's operation, about to happen. */
export interface Question extends Asking {
  readonly operation: Operation;
  readonly prefix: string;
  /** What the event's context holds beside command, note and patient; amended fields go into `proposed`. */
  context(proposed: Fields): Record<string, unknown>;
  readonly proposed: Fields;
  /** What the caller says to gates that ask for confirmation. */
  readonly overrides: readonly { check: string; reason: string }[];
}

export type Fields = Readonly<Record<string, unknown>>;

/** All gates have let it pass: with these fields, these checks, and these confirmations. */
export interface Passed {
  readonly fields: Fields;
  readonly checks: readonly Check[];
  readonly overrides: readonly Override[];
}

/**
 * Asks the generic event's gates, then the command's own; all of them have `budgetMs` together. Throws `gate.refused`,
 * `gate.confirm` or `gate.blocked`.
 */
export async function askGates(bus: Bus, budgetMs: number, question: Question): Promise<Passed> {
  const round = new Round(question, budgetMs);
  const { operation, prefix } = question;
  for (const type of [`PRE_COMMAND_${operation}`, `${prefix}_COMMAND__PRE_${operation}`]) {
    for (const handler of bus.handlersOf(type)) await round.ask(bus, handler, type);
  }
  return round.end();
}

class Round {
  readonly #question: Question;
  readonly #end: number;
  readonly #checks: Check[] = [];
  readonly #overrides: Override[] = [];
  #fields: Fields;
  /** The first of each kind is what the answer is named after; the others go along. */
  #refusal: Refusal | undefined;
  #confirmation: Refusal | undefined;

  constructor(question: Question, budgetMs: number) {
    this.#question = question;
    this.#end = performance.now() + budgetMs;
    this.#fields = question.proposed;
  }

  async ask(bus: Bus, handler: Asked, type: string): Promise<void> {
    const left = this.#end - performance.now();
    const reply: Reply =
      left > 0
        ? await bus.ask(handler, askedEvent(this.#question, type, this.#question.context(this.#fields)), left)
        : { answered: false, message: 'the time for checks was over', ms: 0 };
    const { execution, ms } = reply;
    const base = { check: handler.name, event: type, ms: Math.round(ms * 10) / 10, ...(execution && { execution }) };
    const answers = reply.answered ? reply.effects.map(answerOf) : [];
    const wrong = reply.answered && answers.includes(undefined);
    if (!reply.answered || wrong) {
      const message = reply.answered ? 'it answered with something other than refuse, confirm or amend' : reply.message;
      this.#checks.push({ ...base, outcome: 'did-not-run', message });
      if (handler.policy === 'block')
        this.#refusal ??= new Refusal('gate.blocked', { plugin: handler.plugin, message });
      return;
    }
    if (answers.length === 0) this.#checks.push({ ...base, outcome: 'passed' });
    for (const answer of answers) this.#take(handler, base, answer!);
  }

  end(): Passed {
    const refusal = this.#refusal ?? this.#confirmation;
    if (!refusal) return { fields: this.#fields, checks: this.#checks, overrides: this.#overrides };
    const told = this.#checks.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'amended');
    const faults = told.flatMap(({ field, message = '' }) => (field ? [{ path: `/fields/${field}`, message }] : []));
    throw new Refusal(refusal.code, { ...refusal.values }, faults, { checks: told });
  }

  #take(handler: Asked, base: Pick<Check, 'check' | 'event' | 'ms' | 'execution'>, answer: GateAnswer): void {
    if (answer.type === 'AMEND') {
      this.#fields = { ...this.#fields, ...answer.payload.fields };
      this.#checks.push({ ...base, outcome: 'amended', message: Object.keys(answer.payload.fields).join(', ') });
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
      const { origin, at } = this.#question;
      const { type, id, display } = origin.actor;
      const by = { type, id, ...(display === undefined ? {} : { display }) };
      this.#overrides.push({ check: handler.name, message, reason: override.reason, by, at });
      this.#checks.push({ ...named, outcome: 'overridden' });
    } else {
      this.#confirmation ??= new Refusal('gate.confirm', values);
      this.#checks.push({ ...named, outcome: 'confirm' });
    }
  }
}

function answerOf({ type, payload }: { type: string; payload: unknown }): GateAnswer | undefined {
  const schema = Object.hasOwn(GATE_ANSWERS, type) ? GATE_ANSWERS[type as keyof typeof GATE_ANSWERS] : undefined;
  return schema && Value.Check(schema, payload) ? ({ type, payload } as GateAnswer) : undefined;
}

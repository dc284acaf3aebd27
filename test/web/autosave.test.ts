// Autosave: whatever comes between, what was typed is kept, sent once the server is there, and nobody's words are lost.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { printJson } from '#kit/json/print.ts';
import { numberText, typedNumber } from '#web/note/exact.ts';
import { Autosave } from '#web/note/autosave.ts';
import type { Fields, Outcome, Stored } from '#web/note/saving.ts';

interface Flight {
  readonly fields: Fields;
  readonly stored: Stored;
  readonly answer: (outcome: Outcome<Stored, string>) => void;
}

/** A server whose answers come when a test says so, and a clock that is wound by hand. */
class Bench {
  now: Stored = { version: 1, fields: {} };
  flights: Flight[] = [];
  timers: { at: number; run: () => void }[] = [];
  time = 0;
  kept: string | null = null;
  merge: ((field: string, sides: { from: unknown; mine: unknown; theirs: unknown }) => unknown) | undefined;
  /** Told of each field that is about to be overwritten. */
  onWrite: (field: string, before: unknown, after: unknown) => void = () => {};

  open(): Autosave<Stored, string> {
    return new Autosave<Stored, string>(this.now, {
      send: (fields, stored) => new Promise((answer) => this.flights.push({ fields, stored, answer })),
      ...(this.merge && { merge: this.merge }),
      journal: {
        read: () => this.kept,
        write: (text) => {
          this.kept = text;
        },
        remove: () => {
          this.kept = null;
        },
      },
      later: (ms, run) => {
        const timer = { at: this.time + ms, run };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((one) => one !== timer);
        };
      },
    });
  }

  write(changes: Fields): void {
    const fields: Record<string, unknown> = { ...this.now.fields, ...changes };
    for (const name of Object.keys(fields)) if (fields[name] === null) delete fields[name];
    this.now = { version: this.now.version + 1, fields };
  }

  wind(ms: number): void {
    this.time += ms;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter((timer) => !due.includes(timer));
    for (const { run } of due) run();
  }

  /** The oldest request arrives and is answered, or one of both is lost. */
  async land(fate: 'arrives' | 'request lost' | 'answer lost' = 'arrives'): Promise<void> {
    const flight = this.flights.shift();
    if (!flight) return;
    flight.answer(this.#outcome(flight, fate));
    await settled();
  }

  /** The page is gone: what was under way arrives or not, and nobody hears the answer. */
  unload(arrives: boolean): void {
    const [flight] = this.flights;
    if (flight && arrives) this.#outcome(flight, 'answer lost');
    this.flights = [];
    this.timers = [];
  }

  #outcome({ fields, stored }: Flight, fate: string): Outcome<Stored, string> {
    if (fate === 'request lost') return { type: 'away' };
    const known = stored.version === this.now.version;
    if (known) {
      for (const [name, value] of Object.entries(fields)) this.onWrite(name, this.now.fields[name], value ?? undefined);
      this.write(fields);
    }
    if (fate === 'answer lost') return { type: 'away' };
    return known ? { type: 'saved', now: this.now } : { type: 'conflict', now: this.now };
  }

  answer(outcome: Outcome<Stored, string>): Promise<void> {
    this.flights.shift()!.answer(outcome);
    return settled();
  }
}

/** Until what was promised has been carried on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('autosave', () => {
  it('sends what was typed after a pause, with the version it saw, in one request', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'one');
    bench.wind(300);
    saving.edit('sig', 'one daily');
    saving.edit('refills', 2);
    bench.wind(300);
    assert.equal(bench.flights.length, 0);
    assert.equal(saving.view.standing, 'unsaved');
    bench.wind(100);
    assert.deepEqual(bench.flights[0]!.fields, { sig: 'one daily', refills: 2 });
    assert.equal(bench.flights[0]!.stored.version, 1);
    assert.equal(saving.view.standing, 'saving');
    await bench.land();
    assert.equal(saving.view.standing, 'saved');
    assert.equal(bench.kept, null);
  });

  it('has one request under way at a time, and sends what was typed meanwhile after it', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'a');
    saving.flush();
    saving.edit('sig', 'ab');
    saving.flush();
    assert.equal(bench.flights.length, 1);
    await bench.land();
    assert.equal(saving.value('sig'), 'ab', 'the answer to the first does not overwrite the second');
    assert.deepEqual(
      bench.flights.map(({ fields, stored }) => [fields, stored.version]),
      [[{ sig: 'ab' }, 2]],
    );
    await bench.land();
    assert.equal(bench.now.fields.sig, 'ab');
  });

  it('takes what only they changed, and shows both sides of what both changed', async () => {
    const bench = new Bench();
    bench.now = { version: 1, fields: { sig: 'daily', note: 'n' } };
    const saving = bench.open();
    saving.edit('sig', 'twice daily');
    bench.write({ sig: 'weekly', note: 'theirs' });
    saving.flush();
    await bench.land();
    assert.equal(saving.value('note'), 'theirs');
    assert.equal(saving.value('sig'), 'twice daily');
    assert.deepEqual(saving.view.fields.sig?.theirs, { value: 'weekly' });
    assert.equal(saving.view.standing, 'stuck');
    assert.equal(bench.flights.length, 0, 'nothing is sent over what they wrote');
    saving.edit('sig', 'twice daily, with food');
    assert.deepEqual(saving.view.fields.sig?.theirs, { value: 'weekly' }, 'one can write on before one chooses');
    saving.choose('sig', 'mine');
    await bench.land();
    assert.equal(bench.now.fields.sig, 'twice daily, with food');
  });

  it('lets theirs stand when that is chosen', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'mine');
    bench.write({ sig: 'theirs' });
    saving.take(bench.now);
    saving.choose('sig', 'theirs');
    assert.equal(saving.value('sig'), 'theirs');
    assert.equal(saving.view.standing, 'saved');
    assert.equal(bench.kept, null);
  });

  it('sends again what changed in another field only, without asking', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'mine');
    bench.write({ note: 'theirs' });
    saving.flush();
    await bench.land();
    await bench.land();
    assert.deepEqual(bench.now.fields, { sig: 'mine', note: 'theirs' });
    assert.equal(saving.view.standing, 'saved');
  });

  it('keeps what is typed while the server is away, tries again, and knows its own words when an answer was lost', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'a');
    saving.flush();
    await bench.land('answer lost');
    assert.equal(saving.view.standing, 'away');
    saving.edit('sig', 'ab');
    assert.match(bench.kept ?? '', /"ab"/);
    bench.wind(2_000);
    await bench.land();
    assert.equal(saving.view.fields.sig?.theirs, undefined, 'what arrived was ours');
    await bench.land();
    assert.equal(bench.now.fields.sig, 'ab');
    assert.equal(saving.view.standing, 'saved');
  });

  it('waits longer and longer for a server that stays away', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'a');
    saving.flush();
    for (const wait of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      await bench.land('request lost');
      bench.wind(wait - 1);
      assert.equal(bench.flights.length, 0);
      bench.wind(1);
      assert.equal(bench.flights.length, 1);
    }
  });

  it('goes on after a reload in mid-typing where it stopped', async () => {
    const bench = new Bench();
    const before = bench.open();
    before.edit('sig', 'half a sen');
    before.edit('gone', '');
    bench.now = { version: 1, fields: { gone: 'was here' } };
    const after = bench.open();
    assert.equal(after.value('sig'), 'half a sen');
    bench.wind(0);
    assert.deepEqual(bench.flights[0]!.fields, { sig: 'half a sen' });
  });

  it('sends a number as it was typed, also where that is all that changes, and over a reload', async () => {
    const bench = new Bench();
    bench.write({ temperature: 98.6 });
    const before = bench.open();
    before.edit('temperature', typedNumber('98.60'));
    bench.unload(false);
    const after = bench.open();
    assert.equal(numberText(after.value('temperature')), '98.60');
    bench.wind(0);
    assert.equal(printJson(bench.flights[0]?.fields), '{"temperature":98.60}');
    await bench.land();
    assert.equal(after.view.standing, 'saved');
    assert.equal(numberText(after.value('temperature')), '98.60');
    after.edit('temperature', typedNumber('98.6'));
    bench.wind(400);
    assert.equal(printJson(bench.flights[0]?.fields), '{"temperature":98.6}');
  });

  it('takes away what was emptied', async () => {
    const bench = new Bench();
    bench.now = { version: 1, fields: { sig: 'daily', labels: ['a'] } };
    const saving = bench.open();
    saving.edit('sig', '  ');
    saving.edit('labels', []);
    saving.flush();
    assert.deepEqual(bench.flights[0]!.fields, { sig: null, labels: null });
    await bench.land();
    assert.equal(saving.view.standing, 'saved');
  });

  it('does not move what is under the cursor, and shows it when the cursor has left', async () => {
    const bench = new Bench();
    bench.now = { version: 1, fields: { sig: 'daily' } };
    const saving = bench.open();
    saving.focus('sig');
    bench.write({ sig: 'weekly' });
    saving.take(bench.now);
    assert.equal(saving.value('sig'), 'daily');
    saving.edit('sig', 'daily!');
    assert.deepEqual(saving.view.fields.sig?.theirs, { value: 'weekly' });
    saving.choose('sig', 'theirs');
    saving.blur('sig');
    assert.equal(saving.value('sig'), 'weekly');
  });

  it('shows what a plugin made of a value once the cursor has left, and takes it for no conflict', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.focus('sig');
    saving.edit('sig', 'po bid');
    saving.flush();
    await bench.answer({ type: 'saved', now: { version: 2, fields: { sig: 'by mouth twice a day' } } });
    assert.equal(saving.value('sig'), 'po bid');
    assert.equal(saving.view.standing, 'saved');
    saving.blur('sig');
    assert.equal(saving.value('sig'), 'by mouth twice a day');
  });

  it('holds back what does not fit, saves the rest, and tries it again when it is changed', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('pulse', 7);
    saving.edit('note', 'calm');
    saving.flush();
    await bench.answer({ type: 'unfit', faults: { pulse: 'It must be >= 30.' } });
    assert.equal(saving.view.fields.pulse?.fault, 'It must be >= 30.');
    assert.deepEqual(bench.flights[0]!.fields, { note: 'calm' });
    await bench.land();
    assert.equal(saving.view.standing, 'stuck');
    assert.match(bench.kept ?? '', /"pulse"/);
    saving.edit('pulse', 72);
    assert.equal(saving.view.fields.pulse?.fault, undefined);
    bench.wind(400);
    await bench.land();
    assert.deepEqual(bench.now.fields, { note: 'calm', pulse: 72 });
  });

  it('sends nothing while a problem is open; an answer to it, or a change, lets all go again', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'x');
    saving.flush();
    await bench.answer({ type: 'held', problem: 'dose too high', faults: { sig: 'dose too high' } });
    assert.equal(saving.view.problem, 'dose too high');
    saving.flush();
    assert.equal(bench.flights.length, 0);
    saving.release();
    assert.deepEqual(bench.flights[0]!.fields, { sig: 'x' });
    await bench.answer({ type: 'held', problem: 'dose too high', faults: {} });
    saving.edit('refills', 1);
    bench.wind(400);
    assert.deepEqual(bench.flights[0]!.fields, { sig: 'x', refills: 1 });
  });

  it('merges by itself where it is told how', async () => {
    const bench = new Bench();
    bench.merge = (_, { mine, theirs }) => `${mine} ${theirs}`;
    const saving = bench.open();
    saving.edit('body', 'mine');
    bench.write({ body: 'theirs' });
    saving.flush();
    await bench.land();
    assert.equal(saving.value('body'), 'mine theirs');
    await bench.land();
    assert.equal(bench.now.fields.body, 'mine theirs');
  });

  it('says when everything is saved, and when something must be done first', async () => {
    const bench = new Bench();
    const saving = bench.open();
    assert.equal(await saving.settle(), true);
    saving.edit('sig', 'a');
    const first = saving.settle();
    await settled();
    saving.edit('sig', 'ab');
    await bench.land();
    await bench.land();
    assert.equal(await first, true);
    assert.equal(bench.now.fields.sig, 'ab');
    saving.edit('sig', 'abc');
    const second = saving.settle();
    await settled();
    await bench.answer({ type: 'unfit', faults: { sig: 'no' } });
    assert.equal(await second, false);
    saving.edit('sig', 'abcd');
    const third = saving.settle();
    await settled();
    await bench.land('request lost');
    assert.equal(await third, false);
  });

  it('adopts a server that was put back to an older version', async () => {
    const bench = new Bench();
    bench.now = { version: 9, fields: {} };
    const saving = bench.open();
    saving.edit('sig', 'a');
    bench.now = { version: 3, fields: {} };
    saving.flush();
    await bench.land();
    await bench.land();
    assert.deepEqual(bench.now, { version: 4, fields: { sig: 'a' } });
  });

  it('lets go of what is under way when nobody looks any more, and of the journal when it arrived', async () => {
    const bench = new Bench();
    const saving = bench.open();
    saving.edit('sig', 'last words');
    saving.close();
    assert.match(bench.kept ?? '', /last words/);
    await bench.land();
    assert.equal(bench.kept, null);
    assert.equal(bench.timers.length, 0);
  });
});

describe('autosave, whatever comes between', () => {
  const NAMES = ['sig', 'note', 'refills'];

  it('loses nobody’s words', async () => {
    for (let seed = 1; seed <= 400; seed++) {
      const random = seeded(seed);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
      const bench = new Bench();
      let saving = bench.open();
      const typed = new Map<string, unknown>();
      const seen = new Map(NAMES.map((name) => [name, new Set<unknown>([undefined])]));
      const held = new Map(NAMES.map((name) => [name, new Set<unknown>()]));
      const theirs = new Set<unknown>();
      let count = 0;
      bench.onWrite = (name, before, after) => {
        held.get(name)!.add(after);
        const unseen = theirs.has(before) && before !== after && !seen.get(name)!.has(before);
        assert.ok(!unseen, `${seed} ${name}: ${String(before)} of another was overwritten unseen by ${String(after)}`);
      };
      const steps: readonly (() => Promise<void> | void)[] = [
        () => {
          const name = pick(NAMES);
          const value = `mine ${++count}`;
          typed.set(name, value);
          saving.edit(name, value);
        },
        () => saving.focus(pick(NAMES)),
        () => saving.blur(pick(NAMES)),
        () => bench.wind(pick([100, 400, 3_000])),
        () => bench.land('arrives'),
        () => bench.land('arrives'),
        () => bench.land('request lost'),
        () => bench.land('answer lost'),
        () => {
          const value = `theirs ${++count}`;
          theirs.add(value);
          bench.write({ [pick(NAMES)]: value });
        },
        () => saving.take(bench.now),
        () => {
          bench.unload(random() < 0.5);
          saving = bench.open();
        },
        () => {
          const name = pick(NAMES);
          const side = pick(['mine', 'theirs'] as const);
          if (side === 'theirs' && saving.view.fields[name]?.theirs) typed.delete(name);
          saving.choose(name, side);
        },
      ];
      const look = (): void => {
        for (const name of NAMES) {
          seen.get(name)!.add(saving.value(name));
          const other = saving.view.fields[name]?.theirs;
          if (other) seen.get(name)!.add(other.value);
          const last = typed.get(name);
          const kept = last === undefined || saving.value(name) === last || held.get(name)!.has(last);
          assert.ok(kept, `${seed} ${name}: ${String(last)} is neither shown nor was it ever saved`);
        }
      };
      for (let step = 0; step < 80; step++) {
        await pick(steps)();
        look();
      }
      for (const name of NAMES) saving.blur(name);
      for (let step = 0; step < 40; step++) {
        for (const name of NAMES) saving.choose(name, 'mine');
        bench.wind(15_000);
        await bench.land();
        look();
      }
      saving.take(bench.now);
      assert.equal(saving.view.standing, 'saved', `${seed}`);
      assert.equal(bench.kept, null, `${seed}`);
      for (const name of NAMES)
        assert.equal(saving.value(name), bench.now.fields[name], `${seed} ${name} is as the server has it`);
    }
  });
});

/** The same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

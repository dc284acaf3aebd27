import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Bus, Reply } from '#chart/bus.ts';
import { Gates, type Question } from '#chart/commands/gates.ts';
import { SYSTEM } from '#kit/authority.ts';
import type { CommandEntry } from '#records/command-entry.ts';

type Fields = Readonly<Record<string, unknown>>;
type Answer = readonly { type: string; payload: unknown }[];

const entry = { id: 'c', note: 'n', patient: 'p', command: 'plan', state: 'staged' } as unknown as CommandEntry;

const question = (proposed: Fields): Question => ({
  operation: 'UPDATE',
  prefix: 'PLAN',
  entry,
  version: 1,
  origin: { actor: { type: 'user', id: 'u' }, source: 'api', authority: SYSTEM },
  at: '2026-01-01T00:00:00Z',
  newId: () => 'e',
  context: (now) => ({ proposed: now }),
  proposed,
  overrides: [],
});

const amend = (fields: Fields): Answer => [{ type: 'AMEND', payload: { fields } }];

/** Gates that answer as they are told, and what each was asked, in order. */
function practice(answers: Record<string, (proposed: Fields) => Answer | Promise<Answer>>) {
  const asked: { name: string; proposed: Fields }[] = [];
  let most = 0;
  let now = 0;
  const bus: Bus = {
    handlersOf: (type) =>
      type.startsWith('PLAN') ? Object.keys(answers).map((name) => ({ name, plugin: name, policy: 'allow' })) : [],
    async ask({ name }, event): Promise<Reply> {
      const { proposed } = event.context as { proposed: Fields };
      asked.push({ name, proposed });
      most = Math.max(most, ++now);
      const effects = await answers[name]!(proposed);
      now--;
      return { answered: true, effects, ms: 0 };
    },
  };
  return { asked, bus, most: () => most };
}

describe('gates that are asked side by side', () => {
  test('are under way at the same time where none amends', async () => {
    const { bus, most } = practice({ a: () => [], b: () => [], c: () => [] });
    const { checks } = await new Gates(bus, 60_000).ask(question({ narrative: 'x' }));
    assert.equal(most(), 3);
    assert.deepEqual(
      checks.map(({ check, outcome }) => `${check} ${outcome}`),
      ['a passed', 'b passed', 'c passed'],
    );
  });

  test('are told in their order, whoever answers first', async () => {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const late = () => {
      resolve([]);
      return [];
    };
    const { bus } = practice({ a: () => promise, b: late });
    const { checks } = await new Gates(bus, 60_000).ask(question({}));
    assert.deepEqual(
      checks.map(({ check }) => check),
      ['a', 'b'],
    );
  });

  test('are asked again where one before them amends, and wait for it from then on', async () => {
    const { asked, bus } = practice({
      a: () => [],
      b: ({ n }) => amend({ n: Number(n) + 1 }),
      c: ({ n }) => amend({ n: Number(n) * 2 }),
      d: () => [],
    });
    const gates = new Gates(bus, 60_000);
    const of = async (n: number): Promise<{ fields: Fields; saw: unknown[] }> => {
      asked.length = 0;
      const { fields } = await gates.ask(question({ n }));
      return { fields, saw: asked.map(({ name, proposed }) => `${name} ${proposed.n}`) };
    };
    assert.deepEqual(await of(1), {
      fields: { n: 4 },
      saw: ['a 1', 'b 1', 'c 1', 'd 1', 'c 2', 'd 2', 'd 4'],
    });
    assert.deepEqual(await of(1), { fields: { n: 4 }, saw: ['a 1', 'b 1', 'c 2', 'd 4'] });
  });

  test('are asked though one that amends, and that they wait for, never answers', async () => {
    const asked: string[] = [];
    let answers = true;
    const bus: Bus = {
      handlersOf: (type) =>
        type.startsWith('PLAN') ? ['a', 'b', 'c'].map((name) => ({ name, plugin: name, policy: 'allow' })) : [],
      async ask({ name }, _, budgetMs): Promise<Reply> {
        asked.push(name);
        if (name === 'c' || answers)
          return { answered: true, effects: name === 'c' ? [] : amend({ [name]: 1 }), ms: 0 };
        await new Promise((resolve) => setTimeout(resolve, budgetMs));
        return { answered: false, message: 'late', ms: budgetMs };
      },
    };
    const gates = new Gates(bus, 300);
    await gates.ask(question({}));
    answers = false;
    asked.length = 0;
    const { checks } = await gates.ask(question({}));
    assert.deepEqual(asked, ['a', 'b', 'c']);
    assert.deepEqual(
      checks.map(({ check, outcome }) => `${check} ${outcome}`),
      ['a did-not-run', 'b did-not-run', 'c passed'],
    );
  });

  test('have their own answers counted once, also where they were asked twice', async () => {
    const { bus } = practice({ a: () => amend({ safe: true }), b: () => [] });
    const { checks } = await new Gates(bus, 60_000).ask(question({}));
    assert.deepEqual(
      checks.map(({ check, outcome }) => `${check} ${outcome}`),
      ['a amended', 'b passed'],
    );
  });
});

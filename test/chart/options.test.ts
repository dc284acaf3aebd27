import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bus } from '#chart/bus.ts';
import { searchable, searchOptions } from '#chart/commands/search.ts';
import { Diagnose } from '#commands/diagnose.ts';
import { SYSTEM } from '#kit/authority.ts';
import { ICD10CM } from '#kit/systems.ts';
import type { CommandEntry } from '#records/command-entry.ts';
import type { Store } from '#store/contract.ts';

test('a built-in search that is slow takes nothing of the time that plugins have', async (t) => {
  const BUDGET_MS = 500;
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const given: number[] = [];
  const bus: Bus = {
    handlersOf: () => [{ name: 'house/List', plugin: 'house', policy: 'allow' }],
    async ask(_, __, budgetMs) {
      given.push(budgetMs);
      return { answered: true, effects: [{ type: 'ANNOTATE', payload: { value: 'I10', annotation: 'house' } }], ms: 0 };
    },
  };
  const terms = {
    search: async () => {
      now += 2 * BUDGET_MS;
      return [{ system: ICD10CM, code: 'I10', display: 'Essential (primary) hypertension', fits: true }];
    },
    lookup: async () => undefined,
    noteUse: async () => {},
  };
  const { items, unanswered } = await searchOptions(
    { bus, terms, store: {} as Store, budgetMs: BUDGET_MS },
    {
      kind: Diagnose,
      name: 'diagnose',
      field: searchable(Diagnose, 'diagnose'),
      query: 'hypert',
      entry: { id: 'c', note: 'n', patient: 'p', command: 'diagnose', fields: {} } as unknown as CommandEntry,
      version: 1,
      origin: { actor: { type: 'user', id: 'u' }, source: 'api', authority: SYSTEM },
      at: '2026-01-01T00:00:00Z',
      newId: () => 'e',
    },
  );
  assert.deepEqual(unanswered, []);
  assert.deepEqual(items[0]?.annotations, ['house']);
  assert.equal(given.length, 2, 'asked before the search and after it');
});

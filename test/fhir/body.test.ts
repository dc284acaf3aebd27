// Bodies that are taken and bodies that are refused before anything else looks at them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { patched } from '#chart/json-patch.ts';
import { parseJson } from '#fhir/body.ts';
import type { PatchOperation } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { literalTree, plantLiterals } from '#kit/json/literal-tree.ts';
import { adoptLiterals, copyJson, equalJson } from '#kit/json/literals.ts';
import { indentJson, printJson } from '#kit/json/print.ts';
import { randomFrom } from '../hostile/random.ts';
import { decimals } from '../support/decimals.ts';

const REFUSED = [
  ['nothing', ''],
  ['half of it', '{"resourceType":"Pat'],
  ['a comment', '{/*x*/}'],
  ['XML', '<Patient xmlns="http://hl7.org/fhir"/>'],
  ['a NUL', '{"a":"\\u0000"}'],
  ['a NUL in a name', '{"a\\u0000":1}'],
  ['half a surrogate pair', '{"a":["\\ud800"]}'],
  ['a prototype', '{"a":{"__proto__":{"b":1}}}'],
  ['a prototype, escaped', '{"\\u005f_proto__":{"b":1}}'],
  ['a name twice', '{"a":{"b":1,"c":2,"b":3}}'],
  ['a name twice, once escaped', '{"b":1.0,"\\u0062":{}}'],
  ['a pit of lists', `${'['.repeat(5000)}${']'.repeat(5000)}`],
] as const;

for (const [what, text] of REFUSED) {
  test(`a body that is ${what} is refused without being quoted`, () => {
    assert.throws(
      () => parseJson(text),
      (error) => error instanceof Refusal && error.code === 'request.malformed' && !error.message.includes('Pat'),
    );
  });
}

test('a body may begin with a byte order mark, hold escapes, and brackets in its text', () => {
  assert.deepEqual(parseJson('\ufeff{"a":"\\u00e4 \\ud83d\\ude00"}'), { a: 'ä 😀' });
  assert.deepEqual(parseJson(`{"a":"${'['.repeat(1000)}\\"{"}`), { a: `${'['.repeat(1000)}"{` });
});

const DECIMALS = decimals(1_000, 2);

/** A JSON text of decimals in objects and lists, up to so many levels deep, with names that need escapes. */
function jsonOf(literals: readonly string[], depth: number): string {
  if (literals.length < 2 || depth === 0) return literals.length === 1 ? literals[0]! : `[${literals}]`;
  const half = Math.ceil(literals.length / 2);
  const [first, second] = [jsonOf(literals.slice(0, half), depth - 1), jsonOf(literals.slice(half), depth - 1)];
  return literals.length % 2 === 0
    ? `{"a\\n\\"b":${first},"":"1.00, {[\\\\","c":${second}}`
    : `[${first},"x",${second},true,null]`;
}

for (const depth of [1, 3, 9]) {
  test(`decimals are printed as they were read, ${depth} deep, and by copies`, () => {
    const text = jsonOf(DECIMALS, depth);
    const value = parseJson(text);
    assert.equal(printJson(value), text);
    assert.equal(printJson(copyJson(value)), text);
    assert.equal(printJson({ ...(value as object), other: value }).includes(text), true);
    // They compute as the numbers that they are.
    assert.ok(equalJson(value, JSON.parse(text)));
    assert.equal(indentJson(JSON.stringify(JSON.parse(text))), JSON.stringify(JSON.parse(text), null, 2));
    const plain: unknown = JSON.parse(text);
    plantLiterals(plain, literalTree(value)!);
    assert.equal(printJson(plain), text);
  });
}

for (const [what, character] of [
  ['data', 'a'],
  ['quotation marks', '"'],
  ['backslashes', '\\'],
] as const) {
  test(`a text of ten million ${what} is printed in lines`, () => {
    const value = { resourceType: 'Binary', data: character.repeat(10_400_000), last: [{}, [], 'a\\"', 1] };
    assert.ok(indentJson(JSON.stringify(value)) === JSON.stringify(value, null, 2));
  });
}

test('a literal that is no longer that of its number is not printed', () => {
  const value = parseJson('{"a":1.00,"b":2.0,"c":[1.0,2.0]}') as { a: number; b?: number; c: number[] };
  value.a = 3;
  delete value.b;
  value.c.reverse();
  assert.equal(printJson(value), '{"a":3,"c":[2,1]}');
});

const LITERALS = ['1.0', '1', '1.00', '2', '2.0', '1e2', '-0', '0'];

test('JSON Patch moves literals with their numbers, as if these were texts', () => {
  for (let seed = 0; seed < 40; seed++) {
    const random = randomFrom(seed);
    const literal = () => `"${random.pick(LITERALS)}"`;
    const list = () => `[${Array.from({ length: random.below(5) + 1 }, literal)}]`;
    const value = () => random.pick([literal, list, () => `{"a":${literal()},"b":${list()}}`])();
    const place = () =>
      random.pick(['', '/l/0', '/o']) + random.pick(['/l', '/l/0', '/l/1', '/l/-', '/a', '/b', '/b/0', '/o']);
    // As texts, which are numbers once their quotation marks are gone.
    const record = `{"l":${list()},"o":{"a":${literal()},"b":${list()}}}`;
    const operations: string[] = [];
    const textsPatched = (more: string[]) =>
      JSON.stringify(patched(JSON.parse(record), JSON.parse(`[${[...operations, ...more]}]`)));
    for (let tries = 0; tries < 60; tries++) {
      const op = random.pick(['add', 'add', 'replace', 'remove', 'copy', 'move']);
      const from = op === 'copy' || op === 'move' ? `,"from":"${place()}"` : '';
      const operation = `{"op":"${op}","path":"${place()}"${from}${from || op === 'remove' ? '' : `,"value":${value()}`}}`;
      try {
        textsPatched([operation]);
        operations.push(operation);
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'patch.failed', String(error));
      }
    }
    assert.ok(operations.length > 5);
    const exact = (text: string) => text.replaceAll(/"(-?[0-9][0-9.e]*)"(?!:)/g, '$1');
    const before = parseJson(exact(record)) as Resource;
    const patch = parseJson(exact(`[${operations}]`)) as PatchOperation[];
    const texts = [printJson(before), printJson(patch)];
    assert.equal(printJson(patched(before, patch)), exact(textsPatched([])), `seed ${seed}: ${operations}`);
    assert.deepEqual([printJson(before), printJson(patch)], texts);
  }
});

for (const [what, known, value, expected] of [
  ['of the same place', '{"a":1.0,"b":[2.0,-0]}', '{"b":[2,0],"a":1,"c":1}', '{"b":[2.0,-0],"a":1.0,"c":1}'],
  ['of no other number', '{"a":1.0,"b":[2.0]}', '{"a":2,"b":[1]}', '{"a":2,"b":[1]}'],
  [
    'of an item that is otherwise changed',
    '[{"v":1.0},{"v":1}]',
    '[{"v":1,"w":1},{"v":1}]',
    '[{"v":1.0,"w":1},{"v":1}]',
  ],
  ['of an equal item once the first is dropped', '[{"v":1.0},{"v":3.0}]', '[{"v":3}]', '[{"v":3.0}]'],
  ['of its equals around one that is put in', '[{"v":1.0},3.0]', '[{"v":1},{"v":3},3]', '[{"v":1.0},{"v":3},3.0]'],
  ['of equals that are written in one way', '[[1.0],[1.0],2]', '[[1],[1],[1],2]', '[[1.0],[1.0],[1.0],2]'],
  ['of none of two that are written in two ways', '[{"v":1.0},{"v":1}]', '[{"v":1}]', '[{"v":1}]'],
  ['of none of two numbers', '[1.0,1,5,6]', '[1,5]', '[1,5]'],
  ['of no changed item in a list of another length', '[{"v":1.0},2]', '[{"v":1,"w":1}]', '[{"v":1,"w":1}]'],
  ['of no object for a list', '{"0":1.0}', '[1]', '[1]'],
] as const) {
  test(`a copy without literals adopts those ${what}`, () => {
    const copy: unknown = JSON.parse(value);
    adoptLiterals(copy, parseJson(known));
    assert.equal(printJson(copy), expected);
  });
}

test('a literal goes with the item that JSON Patch removes', () => {
  const before = parseJson('{"l":[1.0,1,2]}') as Resource;
  assert.equal(printJson(patched(before, [{ op: 'remove', path: '/l/0' }])), '{"l":[1,2]}');
});

test('a thousand operations on a long list of literals cost what those on other numbers do', (t) => {
  for (const literal of ['1', '1.0']) {
    const list = `[${Array(20_000).fill(literal)}]`;
    const removals: PatchOperation[] = Array(999).fill({ op: 'remove', path: '/l/0' });
    const patch = [{ op: 'add', path: '/l', value: parseJson(list) } as const, ...removals];
    const begun = performance.now();
    const text = printJson(patched({ resourceType: 'Basic' } as Resource, patch));
    t.diagnostic(`${literal}: ${(performance.now() - begun).toFixed(1)} ms`);
    assert.ok(text === `{"resourceType":"Basic","l":[${Array(19_001).fill(literal)}]}`);
  }
});

test('the worst of texts are read in a time that grows with their length', (t) => {
  const nested = (literal: string): string => `${'{"a":'.repeat(198)}${literal}${'}'.repeat(198)}`;
  const texts = {
    'nested 199 deep': (times: number) => `[${Array(times * 100).fill(nested('1.00'))}]`,
    'a list of literals': (times: number) => `[${Array(times * 20_000).fill('1.00')}]`,
    'an object of literals': (times: number) => `{${Array.from({ length: times * 10_000 }, (_, n) => `"n${n}":1.00`)}}`,
    'quotation marks': (times: number) => `["${'\\"'.repeat(times * 50_000)}",1.0]`,
    backslashes: (times: number) => `["${'\\\\'.repeat(times * 50_000)}",1.0]`,
  };
  for (const [what, of] of Object.entries(texts)) {
    const measured = [1, 4].map((times) => {
      const text = of(times);
      const begun = performance.now();
      const value = parseJson(text);
      const parsed = performance.now();
      JSON.parse(text);
      const plain = performance.now() - parsed;
      assert.equal(printJson(value), text);
      return { ms: parsed - begun, plain };
    });
    const [one, four] = measured as [{ ms: number; plain: number }, { ms: number; plain: number }];
    t.diagnostic(
      `${what}: ${one.ms.toFixed(1)} ms, four times as much ${four.ms.toFixed(1)} ms; JSON.parse ${four.plain.toFixed(1)} ms`,
    );
  }
});

// What a file exports, another one imports: an export that nobody asks for is a promise to nobody.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { SOURCES } from './sources.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const OTHERS = globSync(
  ['{test,bench,docs,release}/**/*.{ts,tsx}', 'examples/*/{src,test}/**/*.ts', 'packages/*/*.ts'],
  {
    cwd: ROOT,
    exclude: ['**/node_modules/**'],
  },
);

/** A value; types are exported so that what is made of them can be named. */
const EXPORTED = /^export (?:abstract )?(?:async )?(?:function\*?|const|class) (\w+)/gm;
/** The SDK's builders, for plugins; screens, which are imported as whole files; plugins that are texts. */
const OUTSIDE = /^(?:sdk\/(?:commands|effects)\.ts|web\/.*-page\.tsx|demo\/every-event\/(?:recorder|plugins)\.ts)$/;

test('nothing is exported that no other file names', () => {
  assert.ok(SOURCES.length > 400 && OTHERS.length > 200, 'these are not the files');
  const texts = [...SOURCES.map(({ text }) => text), ...OTHERS.map((path) => readFileSync(join(ROOT, path), 'utf8'))];
  /** In how many files each word is. */
  const files = new Map<string, number>();
  for (const text of texts) for (const word of new Set(text.match(/\w+/g))) files.set(word, (files.get(word) ?? 0) + 1);
  const unused = SOURCES.filter(({ name }) => !OUTSIDE.test(name)).flatMap(({ name, text }) =>
    Array.from(text.matchAll(EXPORTED), ([, exported]) => exported!)
      .filter((exported) => files.get(exported) === 1)
      .map((exported) => `${name}: ${exported}`),
  );
  assert.deepEqual(unused, []);
});

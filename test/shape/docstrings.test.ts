// Whatever a package exports to others has a docstring, and says which errors it throws.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import * as contract from '#contract/index.ts';
import { isRow, type Row, type Rows } from '#contract/row.ts';

const PACKAGES = resolve(import.meta.dirname, '../../packages');

/** The entries of the packages: `chartwire/sdk`, `@chartwire/client`, `chartwire/testing`. */
const ENTRIES: readonly { readonly file: string; readonly least: number }[] = [
  { file: 'sdk/src/sdk/index.ts', least: 90 },
  { file: 'client/src/client/index.ts', least: 12 },
  { file: 'server/src/plugin-host/testing.ts', least: 7 },
];

interface Export {
  readonly file: string;
  readonly name: string;
  /** Without a docstring, an empty text. */
  readonly docstring: string;
  readonly declaration: string;
}

const DECLARED = /^export (?:declare )?(?:abstract )?(?:async )?(?:class|interface|function|const|type) (\w+)/gm;
const LIST = /^export (?:type )?(\{[^}]*\}|\*) from '([^']+)';/gm;

/** The exports of an entry, each as its own file declares it. Types of FHIR are another package's. */
function exportsOf(file: string): Export[] {
  const source = readFileSync(join(PACKAGES, file), 'utf8');
  const own = Array.from(source.matchAll(DECLARED), ({ 1: name, index }) => ({
    file,
    name: name!,
    docstring: /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n(?:\/\/.*\n)*$/.exec(source.slice(0, index))?.[0] ?? '',
    declaration: /^[\s\S]*?(?:\n[})].*|;)\n/.exec(source.slice(index))![0],
  }));
  const others = Array.from(source.matchAll(LIST)).flatMap(([, names, from]) => {
    const path = pathOf(file, from!);
    const all = path === undefined ? [] : exportsOf(path);
    const wanted = new Set(names!.replaceAll(/\btype\b/g, '').match(/\w+/g));
    return names === '*' ? all : all.filter(({ name }) => wanted.has(name));
  });
  return [...own, ...others];
}

function pathOf(file: string, from: string): string | undefined {
  if (from.startsWith('.')) return join(file, '..', from);
  return from.startsWith('#') ? join(file.split('/')[0]!, 'src', from.slice(1)) : undefined;
}

for (const { file, least } of ENTRIES) {
  test(`${file}: each export has a docstring, with @throws where it throws`, (t) => {
    const exported = exportsOf(file);
    const named = new Map<string, Export[]>();
    for (const each of exported) named.set(each.name, [...(named.get(each.name) ?? []), each]);
    t.diagnostic(`${named.size} exports, ${exported.filter(({ docstring }) => docstring).length} docstrings`);
    assert.ok(named.size >= least, `it found ${named.size} exports`);
    // A constant and a type may share a name, and then a docstring.
    const bare = [...named].filter(([, [...same]]) => same.every(({ docstring }) => docstring === ''));
    const silent = exported.filter(
      ({ docstring, declaration }) =>
        /\bthrow new /.test(declaration) && !`${docstring}${declaration}`.includes('@throws'),
    );
    assert.deepEqual(
      bare.map(([name, [first]]) => `${first!.file}: ${name}`),
      [],
      'no docstring',
    );
    assert.deepEqual(
      silent.map(({ file, name }) => `${file}: ${name}`),
      [],
      'it throws, without @throws',
    );
  });
}

test('each row of the contract says what it does and what it answers', (t) => {
  const rows = rowsOf(contract.CONTRACT);
  t.diagnostic(`${rows.length} rows`);
  assert.ok(rows.length > 90, `it found ${rows.length} rows`);
  const vague = rows.filter(
    ({ summary, answer }) => !/^[A-Z]\S* \S+/.test(summary) || !/^[A-Z]/.test(answer.description),
  );
  assert.deepEqual(
    vague.map(({ operation }) => operation),
    [],
  );
});

function rowsOf(rows: Rows): Row[] {
  return Object.values(rows).flatMap((member) => (isRow(member) ? [member] : rowsOf(member)));
}

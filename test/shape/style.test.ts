// The docs, and the words that the sources show to people, as docs/style.md wants them.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import MarkdownIt from 'markdown-it';
import { BRITISH, broken, COMMENTS, LONGEST_SENTENCE, longSentences, MANNERED, type Rule } from './style-rules.ts';

const ROOT = resolve(import.meta.dirname, '../..');

interface Check {
  readonly name: string;
  /** Patterns of files below the repository's root. */
  readonly files: readonly string[];
  readonly leaveOut?: readonly string[];
  /** The pieces of prose in a file. */
  readonly texts: (content: string) => readonly string[];
  readonly rules: readonly Rule[];
  readonly sentences: boolean;
}

/** What is checked. To check more, add a pattern to a row, or a row. */
const CHECKS: readonly Check[] = [
  {
    name: 'docs',
    files: ['*.md', 'docs/**/*.md', 'examples/**/README.md', 'packages/*/README.md'],
    // The list of what not to say; and pages made of the declarations, whose words are those of the sources.
    leaveOut: ['docs/style.md', 'docs/catalogue/**'],
    texts: proseOf,
    rules: [...MANNERED, ...BRITISH],
    sentences: true,
  },
  {
    name: 'texts of the generated pages',
    files: ['docs/pages/*.ts', 'docs/site/**/*.ts'],
    // HTML, in one text.
    leaveOut: ['docs/site/layout.ts'],
    texts: stringsOf,
    rules: [...MANNERED, ...BRITISH],
    sentences: true,
  },
  {
    name: 'strings of the sources',
    files: ['packages/*/src/**/*.{ts,tsx}'],
    // Words that people search by, as they write them.
    leaveOut: ['packages/server/src/terms/synonyms/**', 'packages/sdk/src/substances/**'],
    texts: stringsOf,
    rules: [...MANNERED, ...BRITISH],
    sentences: true,
  },
  {
    name: 'texts between the tags of the screens',
    files: ['packages/web/src/**/*.tsx'],
    texts: taglessOf,
    rules: [...MANNERED, ...BRITISH],
    sentences: true,
  },
  {
    name: 'comments of the sources',
    files: [
      'packages/{sdk,client}/src/**/*.ts',
      'packages/server/src/*.ts',
      'packages/server/src/{chart,cli,demo,fhir,plugin-host,r4,server,store,terms}/**/*.ts',
      'bench/**/*.ts',
      'test/support/**/*.ts',
    ],
    // These are about to be taken apart.
    leaveOut: ['packages/server/src/chart/draft*.ts', 'packages/server/src/chart/commands/commands*.ts'],
    texts: commentsOf,
    rules: [...MANNERED, ...BRITISH, ...COMMENTS],
    sentences: false,
  },
];

for (const { name, files, leaveOut = [], texts, rules, sentences } of CHECKS) {
  test(`${name}: plain American English`, (t) => {
    const paths = globSync([...files], { cwd: ROOT, exclude: [...leaveOut, '**/node_modules/**', '**/dist/**'] });
    const faults: string[] = [];
    let pieces = 0;
    for (const path of paths.toSorted()) {
      for (const text of texts(readFileSync(join(ROOT, path), 'utf8'))) {
        pieces++;
        const long = sentences && !isCode(text) ? longSentences(text) : [];
        faults.push(
          ...broken(text, rules).map((fault) => `${path}: ${fault} in: ${text.slice(0, 120)}`),
          ...long.map((sentence) => `${path}: more than ${LONGEST_SENTENCE} words: ${sentence.slice(0, 160)}`),
        );
      }
    }
    t.diagnostic(`${paths.length} files, ${pieces} pieces of text, ${rules.length} rules`);
    assert.ok(paths.length > 10 && pieces > 100, 'it read next to nothing');
    assert.equal(faults.length, 0, `\n${faults.join('\n')}\n${faults.length} faults. docs/style.md says why.`);
  });
}

test('the rules find what they are for', () => {
  const bad = 'All else is to be refused; the licence is owed.';
  assert.deepEqual(broken(bad, MANNERED).length, 3);
  assert.deepEqual(broken(bad, BRITISH).length, 1);
  assert.deepEqual(
    proseOf('# A\n\nHere is `all else`.\n\n```sh\nall else\n```\n').flatMap((text) => broken(text, MANNERED)),
    [],
  );
  assert.equal(longSentences(`${'word '.repeat(36)}. Short.`).length, 1);
  assert.deepEqual(longSentences(`${'word '.repeat(35)}. ${'word '.repeat(20)}.`), []);
  assert.deepEqual(taglessOf('<p className="a b">\n  Shown once\n  more: <b>{x} is owed</b></p>'), [
    'Shown once more:',
    'is owed',
  ]);
  assert.deepEqual(commentsOf("// One\n// line.\nconst a = '// none'; // Behind.\n/**\n * Two\n * `lines`.\n */\n"), [
    'One line.',
    'Two code.',
  ]);
  assert.equal(broken('What is asked of whoever is there.', COMMENTS).length, 1);
  assert.deepEqual(stringsOf("const a = 'A colour of it'; // grey\nconst b = `no`;"), ['A colour of it']);
});

/** Paragraphs, list items, headings and table cells; code counts as one word. */
function proseOf(markdown: string): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(markdown.replaceAll(/<!--[\s\S]*?-->/g, ''), {});
  return tokens.flatMap(({ type, children }) => {
    if (type !== 'inline' || !children) return [];
    const words = children.map((child) => {
      if (child.type === 'code_inline') return 'code';
      if (child.type === 'softbreak' || child.type === 'hardbreak') return ' ';
      return child.type === 'text' ? child.content : '';
    });
    return [words.join('')];
  });
}

/** What JSX holds between a tag or `}` and the next: words, in one line. Code has `;`, `=` or a bracket somewhere. */
function taglessOf(source: string): string[] {
  return Array.from(
    source.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/[>}]([^<>{}()=;|&]*[a-z] [a-z][^<>{}()=;|&]*)(?=[<{])/gi),
    ([, text]) => text!.replaceAll(/\s+/g, ' ').trim(),
  );
}

/** SQL, or a list of names with spaces between: its length is no matter of style. */
function isCode(text: string): boolean {
  return /\b(?:SELECT|INSERT|UPDATE|WITH|FROM|WHERE|EXISTS)\b/.test(text) || !/[.,:;] |[.!?]$/.test(text);
}

/** The comments on lines of their own, each as one text. What is code within them counts as one word. */
function commentsOf(source: string): string[] {
  return Array.from(source.matchAll(/(?:^[ \t]*\/\/.*\n)+|^[ \t]*\/\*[\s\S]*?\*\//gm), ([comment]) =>
    comment
      .replaceAll(/^[ \t]*(?:\/\/|\/\*+|\*(?!\/))|\*\/\s*$/gm, '')
      .replaceAll(/`[^`]*`/g, 'code')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ).filter((text) => text !== '');
}

const COMMENT = /^\s*(?:\/\/|\/?\*).*$/gm;
const STRING = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;

/** Strings that are words: with a space between letters. What is code within them is left out. */
function stringsOf(source: string): string[] {
  const found = source.replaceAll(COMMENT, '').matchAll(STRING);
  return Array.from(found, ([, single, double, template]) => single ?? double ?? template ?? '')
    .map((text) => text.replaceAll(/\$\{[^}]*\}/g, '…').replaceAll(/`[^`]*`/g, 'code'))
    .filter((text) => /[a-z] [a-z]/i.test(text));
}

// In the browser, all that writes goes through `useWrite` (web/api/write.ts), which sends nothing twice, shows every refusal
// and reads again what changed. That `api` only reads is checked by the compiler: it has no method that writes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SOURCES } from './sources.ts';

const WEB = SOURCES.filter(({ floor }) => floor === 'web');

/** Which files hold the client that writes, and why they send by themselves. */
const SENDERS: Readonly<Record<string, string>> = {
  'web/api/client.ts': 'makes it',
  'web/api/write.ts': 'gives it to each write',
  'web/api/session.tsx': 'signing out also ends the session in other tabs; its button calls it in a write',
  'web/note/note-doc.ts':
    'a note saves itself, is kept in the browser while the server is away, and is merged with others’ changes',
  'web/note/note-saving.ts': 'the same: its title and lines',
  'web/note/command-doc.ts': 'the same: its commands, which also answer the questions of checks',
  'web/note/unmade.ts': 'the same: it is made at the server with the first thing that is written in it',
};

/** What `useWrite(` and its like are given, by the name of what they are. */
function* writesIn(text: string): Generator<{ readonly name: string; readonly code: string }> {
  for (const { 1: name, index, 0: start } of text.matchAll(/const (\w+) = useWrite\(/g)) {
    let depth = 1;
    let at = index + start.length;
    for (; depth > 0 && at < text.length; at++) depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    yield { name: name!, code: text.slice(index, at) };
  }
}

test('only these files of the browser hold the client that writes', () => {
  const holders = WEB.filter(({ text }) => /import \{[^}]*\bserver\b[^}]*\} from '[^']*\/client\.ts'/.test(text));
  const names = new Set([...holders.map(({ name }) => name), 'web/api/client.ts']);
  assert.deepEqual([...names].toSorted(), Object.keys(SENDERS).toSorted());
});

test('no write is a mutation, or a state of waiting, made by hand', () => {
  for (const { name, text } of WEB) {
    if (name !== 'web/api/write.ts') assert.doesNotMatch(text, /\buseMutation\b/, `${name}: use useWrite`);
    assert.doesNotMatch(
      text,
      /\[\s*(?:is)?(?:busy|pending|saving|sending|submitting|loading|working)\w*,\s*set\w+\]\s*=\s*useState/i,
      `${name}: useWrite says whether a write is under way`,
    );
  }
});

test('every refusal is shown', () => {
  const tellers = WEB.filter(({ text }) => /import \{[^}]*\btellProblem\b/.test(text)).map(({ name }) => name);
  // Of several files, each is refused by itself.
  assert.deepEqual(tellers.toSorted(), ['web/api/write.ts', 'web/inbox/upload.tsx']);
  let here = 0;
  for (const { name: file, text } of WEB) {
    for (const { name, code } of writesIn(text)) {
      if (!code.includes(`shown: 'here'`)) continue;
      here++;
      assert.match(
        text,
        new RegExp(`\\b${name}\\.problem\\b|\\{ problem \\} = ${name};|save=\\{${name}\\}`),
        `${file}: ${name}`,
      );
    }
  }
  assert.ok(here > 20, `${here} writes that are shown where they are`);
});

// docs/catalogue/globals.md

import { GLOBALS, MISSING } from '#plugin-host/plugin-globals.ts';
import { code, GENERATED, table } from './markdown.ts';

export function globalsPage(): string {
  const missing = Map.groupBy(Object.entries(MISSING), ([, instead]) => instead);
  return [
    GENERATED,
    '# Globals in plugins',
    'A plugin is JavaScript or TypeScript in a sandbox. It can use the language as in Node.js 24, the exports of `chartwire/sdk`, the npm ' +
      'packages that are built into it, and the globals below. Neither Node.js nor a browser is around it. An npm package works if it needs ' +
      'only these, as packages for every platform do.',
    'The types match: `chartwire init` writes a `tsconfig.json` that extends `chartwire/sdk/tsconfig.plugin.json`, so an editor and `tsc` ' +
      'reject what the sandbox lacks. Tests run in Node.js and have their own `tsconfig.json`; the handlers that they call run in the sandbox.',
    '## Globals',
    table(
      ['global', 'what it does'],
      Object.entries(GLOBALS).map(([name, what]) => [code(name), what]),
    ),
    'Within one call, time stands still: `Date.now()` is the start of the execution. An `ArrayBuffer` keeps its size. Built-in objects can’t ' +
      'be changed. A global costs nothing until a plugin uses it.',
    '## What is missing, and what to use instead',
    'Using one of these throws an error with the same advice. `typeof` gives `undefined`.',
    table(
      ['missing', 'why, and what to use instead'],
      [...missing].map(([instead, entries]) => [entries.map(([name]) => code(name)).join(', '), sentence(instead)]),
    ),
  ].join('\n\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

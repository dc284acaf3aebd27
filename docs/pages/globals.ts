// docs/catalogue/globals.md

import { GLOBALS, MISSING } from '#plugin-host/plugin-globals.ts';
import { code, GENERATED, table } from './markdown.ts';

export function globalsPage(): string {
  const missing = Map.groupBy(Object.entries(MISSING), ([, instead]) => instead);
  return [
    GENERATED,
    '# What a plugin can use',
    'A plugin is JavaScript, or TypeScript, in a sandbox: it has the language as Node 24 has it, what `chartwire/sdk` exports, the ' +
      'npm packages that are built into it, and the globals below. It has neither Node nor a browser around it. A package works when it ' +
      'gets by with these, as packages do that are written for every platform.',
    'The types say the same: a plugin’s `tsconfig.json` extends `chartwire/sdk/tsconfig.plugin.json`, which `chartwire init` writes, so that ' +
      'an editor and `tsc` refuse what the sandbox does not have. Tests run in Node and have a `tsconfig.json` of their own; the handlers ' +
      'that they call run in the sandbox.',
    '## Globals',
    table(
      ['global', 'what it is'],
      Object.entries(GLOBALS).map(([name, what]) => [code(name), what]),
    ),
    'Within one call the clock stands still: `Date.now()` is when the execution began. An `ArrayBuffer` keeps its size. Built-in objects ' +
      'cannot be changed. A global that a plugin does not use costs it nothing.',
    '## What is missing, and what to use instead',
    'Using one of these fails with an error that says the same; `typeof` gives `undefined`.',
    table(
      ['missing', 'because, and what to use instead'],
      [...missing].map(([instead, entries]) => [entries.map(([name]) => code(name)).join(', '), sentence(instead)]),
    ),
  ].join('\n\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

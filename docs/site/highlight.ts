// Colors for the code in the docs, as classes: of the languages that they use.

import { createRequire } from 'node:module';

/** What of highlight.js is used. Its own types bring those of a browser along, to every file that knows this one. */
interface Highlighter {
  registerLanguage(name: string, language: unknown): void;
  getLanguage(name: string): unknown;
  highlight(code: string, options: { language: string }): { readonly value: string };
}

const load = createRequire(import.meta.url);
const hljs = load('highlight.js/lib/core') as Highlighter;
for (const name of ['bash', 'javascript', 'json', 'python', 'sql', 'typescript', 'http']) {
  hljs.registerLanguage(name, load(`highlight.js/lib/languages/${name}`));
}

const SHORT: Readonly<Record<string, string>> = { sh: 'bash', js: 'javascript', ts: 'typescript' };

/** HTML; undefined for a language that is not known. */
export function highlighted(code: string, name: string): string | undefined {
  const language = SHORT[name] ?? name;
  return hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : undefined;
}

// SMART scopes in plain words: what their holder may do, with what, of whom.

import { isOwnScope, OWN_SCOPES, type Permission, parseScope } from '@chartwire/sdk/internal/kit/scopes';
import { typeText } from '../events/event-words.ts';
import { tableOf } from '../table-of.ts';

const VERBS: Readonly<Record<Permission, string>> = {
  c: 'make',
  r: 'read',
  u: 'change',
  d: 'delete',
  s: 'search',
};

/** Types whose plural is no plain one. */
const MANY: Readonly<Record<string, string>> = tableOf({ '*': 'records of every type', Coverage: 'coverages' });

/** `Make, change and search tasks of the chart its event is about`. */
export function scopeText(scope: string): string {
  if (isOwnScope(scope)) return OWN_SCOPES[scope].text;
  const parsed = parseScope(scope);
  if (!parsed) return scope;
  const verbs = [...parsed.permissions].map((letter) => VERBS[letter]);
  const text = `${listText(verbs)} ${plural(parsed.type)} ${
    parsed.context === 'patient' ? 'of the chart its event is about' : 'of every chart'
  }`;
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

/** `Conditions`: records of a type, at the beginning of a line. */
export function receivedText(type: string): string {
  const text = plural(type);
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

function listText(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words).replace(', and', ' and');
}

function plural(type: string): string {
  const known = MANY[type];
  if (known) return known;
  const word = typeText(type);
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

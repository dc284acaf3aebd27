// docs/catalogue/effects.md

import type { TObject } from 'typebox';
import { EFFECTS } from '#effects/index.ts';
import { type AnyEffect, builderOf } from '../builders.ts';
import { code, GENERATED, link, shapeOf, table } from './markdown.ts';

export function effectsPage(): string {
  return [
    GENERATED,
    '# Effects',
    'What a handler can return. Effects are data. The server checks each against its payload and the plugin’s scopes, and applies ' +
      'all effects of an answer in one transaction, or none. The execution keeps the outcome of each. A property that is not listed is ' +
      'refused.',
    'Write scopes in the manifest as `patient/Task.c` (records of the event’s patient) or `system/Task.c` (any).',
    'Each command has a builder named by its key. Where the examples below have `plan.originate()`, use `prescribe.originate()` ' +
      `for a prescription, typed by the fields of ${link('Commands', 'commands.md')}. What a commit writes needs its own scopes as well. ` +
      'Gates check a plugin’s commands like a clinician’s, and a refusal becomes the outcome of the effect. Gates and searches take ' +
      '[answers](answers.md) instead of effects.',
    table(
      ['effect', 'builder', 'summary'],
      EFFECTS.map((effect) => [link(effect.type), code(`${builderOf(effect)}()`), effect.summary]),
    ),
    ...EFFECTS.map(section),
  ].join('\n\n');
}

function section(effect: AnyEffect): string {
  const generic = 'resource' in effect.example || 'patch' in effect.example;
  // An example is of its own effect's payload; over the union of all effects the compiler cannot see it.
  const scopes = effect.scopes(effect.example as never).map(({ type, permission }) => {
    return code(`${generic ? '<type>' : type}.${permission}`);
  });
  const { properties, required } = effect.payload as TObject;
  return [
    `## ${effect.type}`,
    effect.summary,
    `Writes: ${effect.writes}`,
    scopes.length > 0 ? `Needs the scope ${scopes.join(' and ')}.` : 'Needs no scope.',
    table(
      ['property', 'holds', ''],
      Object.entries(properties).map(([name, schema]) => [
        code(name),
        shapeOf(schema),
        (required as readonly string[]).includes(name) ? 'needed' : '',
      ]),
    ),
    `\`\`\`ts\n${call(builderOf(effect), argumentOf(effect))}\n\`\`\``,
  ].join('\n\n');
}

/** What its builder is called with. */
function argumentOf({ type, example }: AnyEffect): object {
  if ('resource' in example) return example.resource;
  if (type !== 'ORIGINATE_COMMAND') return example;
  const { command: _, ...argument } = example;
  return argument;
}

/** As an author writes it: on one line where it fits, else a line a property. */
function call(builder: string, argument: object): string {
  const line = `${builder}(${literal(argument)});`;
  if (line.length <= 120) return line;
  const properties = Object.entries(argument).map(([key, value]) => `  ${key}: ${literal(value)},`);
  return [`${builder}({`, ...properties, '});'].join('\n');
}

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const properties = Object.entries(value).map(([key, inner]) => `${key}: ${literal(inner)}`);
  return `{ ${properties.join(', ')} }`;
}

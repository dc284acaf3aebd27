// Writes the builders of the SDK, packages/sdk/src/sdk/{commands,effects}.ts: a plugin’s script has the names it imports, and
// need not have the definitions. `npm run docs` runs it.

import { readFileSync, writeFileSync } from 'node:fs';
import { COMMANDS } from '#commands/index.ts';
import { builderOf, PLAIN_EFFECTS } from './builders.ts';

const folder = new URL('../packages/sdk/src/sdk/', import.meta.url);

/** File names to what they should hold. */
function builderFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['commands.ts', commandsText()],
    ['effects.ts', effectsText()],
  ]);
}

/** Names of the files that are not what they should be. */
export function staleBuilders(): string[] {
  return [...builderFiles()]
    .filter(([name, text]) => readFileSync(new URL(name, folder), 'utf8') !== text)
    .map(([name]) => name);
}

export function writeBuilders(): void {
  for (const [name, text] of builderFiles()) writeFileSync(new URL(name, folder), text);
}

function commandsText(): string {
  return `// One builder a command. Written by \`npm run docs\`.

import { commandBuilder } from './command-builder.ts';

${COMMANDS.map(({ key, summary }) => declared(summary, `${key} = commandBuilder('${key}')`)).join('\n')}`;
}

function effectsText(): string {
  return `// One builder an effect. Written by \`npm run docs\`.

import { builder } from './effect.ts';

export {
  createRecord,
  type Effect,
  httpRequest,
  type LaterRequest,
  sendWebhook,
  updateRecord,
  type Webhook,
} from './effect.ts';

${PLAIN_EFFECTS.map((effect) => declared(effect.summary, `${builderOf(effect)} = builder('${effect.type}')`)).join('\n')}`;
}

function declared(summary: string, declaration: string): string {
  return `${comment(summary)}\nexport const ${declaration};\n`;
}

/** On one line where it fits. */
function comment(text: string): string {
  if (text.length <= 113) return `/** ${text} */`;
  const lines = text.match(/.{1,115}(?:\s|$)/g) ?? [];
  return ['/**', ...lines.map((line) => ` * ${line.trim()}`), ' */'].join('\n');
}

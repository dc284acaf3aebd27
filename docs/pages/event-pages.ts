// docs/catalogue/events/: a page a family, with an example of each event that the specification names.

import { COMMANDS } from '#commands/index.ts';
import { EVENTS, type EventDefinition } from '#events/catalogue.ts';
import { GENERIC_KINDS } from '#records/index.ts';
import { type EventExample, keptExamples } from './event-examples.ts';
import { headingOf, PLATFORM_CONTEXTS } from './events.ts';
import { anchor, code, GENERATED, table } from './markdown.ts';

/** The heading of the section of docs/catalogue/events.md that the event is in; undefined for other R4 types. */
function familyOf({ origin }: EventDefinition): string | undefined {
  switch (origin.of) {
    case 'record':
      return GENERIC_KINDS.includes(origin.record) ? undefined : origin.record.label;
    case 'command':
      return origin.command ? headingOf(origin.command) : 'Any command';
    case 'field':
      return headingOf(origin.command);
    case 'platform':
      return 'Platform';
  }
}

/** File names in docs/catalogue/events/, without `.md`, to their pages. */
export function eventPages(): ReadonlyMap<string, string> {
  const examples = keptExamples();
  const families = Map.groupBy(EVENTS, familyOf);
  const pages = new Map<string, string>();
  for (const [family, events] of families) {
    if (family === undefined || !events.some(({ type }) => examples.has(type))) continue;
    pages.set(anchor(family).slice(1), page(family, events, examples));
  }
  return pages;
}

function page(family: string, events: readonly EventDefinition[], examples: ReadonlyMap<string, EventExample>): string {
  const command = COMMANDS.find((one) => headingOf(one) === family);
  return [
    GENERATED,
    `# ${family}: examples`,
    `What a handler gets: ${code('type')}, ${code('target')}, ${code('source')}, and ${code('context')} of each event, as the tests of the ` +
      `catalogue received it, with stable ids and times. Every property of an event: [Events](../events.md#what-every-event-holds). ` +
      `This family: [${family}](../events.md${anchor(family)})${command ? `; its fields: [${command.label}](../commands.md${anchor(command.label)})` : ''}.`,
    ...events.flatMap((event) => {
      const example = examples.get(event.type);
      return example ? [section(event, example)] : [];
    }),
  ].join('\n\n');
}

function section({ type, kind, summary, occurs, target }: EventDefinition, example: EventExample): string {
  return [
    `## ${type}`,
    `${summary} ${occurs}`,
    table(['kind', 'target', 'context'], [[kind, target, contextOf(example, target)]]),
    `\`\`\`json\n${print(example)}\n\`\`\``,
  ].join('\n\n');
}

function contextOf({ context }: EventExample, target: string): string {
  return (
    PLATFORM_CONTEXTS[target] ??
    Object.keys(context as object)
      .map(code)
      .join(', ')
  );
}

const WIDTH = 110;

/** JSON, with whatever fits on a line on one. */
function print(value: unknown, indent = ''): string {
  const line = inLine(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH) return line;
  const deeper = `${indent}  `;
  const rows = Array.isArray(value)
    ? value.map((item) => `${deeper}${print(item, deeper)}`)
    : Object.entries(value).map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${print(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${rows.join(',\n')}\n${indent}${close}`;
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inLine(item)}`);
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}

// docs/catalogue/sdk.md: what a plugin imports, from the docstrings and signatures of its sources.

import { readFileSync } from 'node:fs';
import { code, GENERATED, table } from './markdown.ts';

const PACKAGES = new URL('../../packages/', import.meta.url);

interface Group {
  readonly title: string;
  /** Below `packages/`. */
  readonly files: readonly string[];
  readonly about: string;
}

const GROUPS: readonly Group[] = [
  {
    title: 'Handlers',
    files: ['handler', 'cron-task', 'event-type'].map(inSdk),
    about: 'A plugin exports classes. Each names its events and returns effects or answers from `compute()`.',
  },
  {
    title: 'Read records',
    files: ['data'].map(inSdk),
    about: '`this.data` in a handler reads records within the plugin’s scopes.',
  },
  {
    title: 'Call other systems',
    files: ['http', 'secrets'].map(inSdk),
    about:
      '`this.http` in a handler calls the hosts that the manifest lists. [Plugin secrets](../secrets.md) explains how a ' +
      'plugin uses a key that it never holds.',
  },
  {
    title: 'Return effects',
    files: ['effect', 'effects'].map(inSdk),
    about: 'One builder for each effect. [Effects](effects.md) has the payload, the scope and an example of each.',
  },
  {
    title: 'Say what to do with a failure',
    files: ['failures'].map(inSdk),
    about:
      'What `compute()` throws decides whether the event is tried again. [Guarantees](../guarantees.md) lists the rules.',
  },
  {
    title: 'Write commands',
    files: ['command-builder', 'commands'].map(inSdk),
    about: 'One builder for each command. [Commands](commands.md) has the fields of each.',
  },
  {
    title: 'Answer gates and searches',
    files: ['answers'].map(inSdk),
    about: '[Answers](answers.md) says what each one does, and which may be combined.',
  },
  {
    title: 'Read answers to questionnaires',
    files: ['interviews'].map(inSdk),
    about: '[Questionnaires](../questionnaires.md) explains scores and results.',
  },
  {
    title: 'Test a plugin',
    files: ['server/src/plugin-host/testing.ts'],
    about: 'Import these from `chartwire/testing`. They run a plugin’s folder in the sandbox that the server uses.',
  },
];

const INDEX = readFileSync(new URL(inSdk('index'), PACKAGES), 'utf8');
/** Names in the export lists of the index, and of a file that it exports whole. */
const EXPORTS = new Set(
  [INDEX, readFileSync(new URL(inSdk('effects'), PACKAGES), 'utf8')].flatMap((text) =>
    Array.from(text.matchAll(/^export (?:type )?\{([^}]*)\}/gm), ([, names]) => names!.match(/\w+/g) ?? []).flat(),
  ),
);

function inSdk(name: string): string {
  return `sdk/src/sdk/${name}.ts`;
}

interface Declaration {
  readonly name: string;
  readonly kind: string;
  readonly about: string;
  readonly signature: string;
}

const EXPORTED =
  /(?:^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(?:^\/\/.*\n)*^export (?:declare )?(abstract class|class|interface|function|async function|const|type) (\w+)/gm;

function declarations(file: string): Declaration[] {
  const text = readFileSync(new URL(file, PACKAGES), 'utf8');
  return Array.from(text.matchAll(EXPORTED), (match) => {
    const [whole, comment = '', kind, name] = match;
    const start = match.index + whole.lastIndexOf('export');
    return { name: name!, kind: kind!, about: prose(comment), signature: signature(text.slice(start), kind!) };
  });
}

/** What a file of the SDK exports is shown when the SDK's index exports it. */
function isPublic(file: string, name: string): boolean {
  const index = /sdk\/src\/sdk\/(.+)$/.exec(file)?.[1];
  return index === undefined || INDEX.includes(`export * from './${index}'`) || EXPORTS.has(name);
}

/** The text of a docstring, without its stars. A `@throws {Problem}` becomes a sentence. */
function prose(comment: string): string {
  return comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/@throws \{(\w+)\} ([\s\S]*?)(?=@|$)/g, (_, name, when) => `Throws \`${name}\` ${when.trim()}.`)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function signature(text: string, kind: string): string {
  switch (kind) {
    case 'abstract class':
    case 'class':
      return shell(/^[\s\S]*?\n\}/.exec(text)![0]);
    case 'interface':
      return /^[\s\S]*?\n\}/.exec(text)![0].replace(/^export /, '');
    case 'function':
    case 'async function':
      return `${/^[\s\S]*?(?= \{\n)/.exec(text)![0].replace(/^export (?:async )?/, '')}`;
    default:
      return /^[\s\S]*?;(?=\n\n|\n*$)/.exec(text)![0].replace(/^export /, '');
  }
}

/** A class without its bodies and what is private. */
function shell(text: string): string {
  const [head, ...lines] = text.replace(/^export /, '').split('\n');
  const kept: string[] = [];
  let body = false;
  for (const line of lines) {
    if (body) {
      body = !/^ {2}\}/.test(line);
      continue;
    }
    const opens = /^ {2}\S.*\{$/.test(line) && !/^ {2}(?:\/\*|\*)/.test(line);
    body = opens;
    if (/^ {2}(?:readonly )?[#[]|^ {2}constructor/.test(line) || line === '') continue;
    kept.push(opens ? line.replace(/ \{$/, ';') : line);
  }
  return [head, ...kept].join('\n');
}

export function sdkPage(): string {
  return [
    GENERATED,
    '# SDK',
    `A plugin imports everything from ${code('chartwire/sdk')} (the package ${code('@chartwire/sdk')} under another name), and its tests ` +
      `import from ${code('chartwire/testing')}. [Write your first plugin](../first-plugin.md) shows them in use. FHIR R4 types such as ` +
      `${code('Patient')} and ${code('Observation')} come from the same import.`,
    ...GROUPS.flatMap(group),
  ].join('\n\n');
}

function group({ title, files, about }: Group): string[] {
  const exported = files.flatMap((file) => declarations(file).filter(({ name }) => isPublic(file, name)));
  // A class before the types that it speaks of; of a value and a type with one name, the value.
  const shown = exported
    .filter(({ name, kind }) => kind !== 'type' || !exported.some((one) => one.name === name && one.kind !== 'type'))
    .toSorted((a, b) => Number(b.kind.endsWith('class')) - Number(a.kind.endsWith('class')));
  const builders = shown.filter(isBuilder);
  const rows = builders.map(({ name, about }) => [code(name), about]);
  return [
    `## ${title}`,
    about,
    ...(rows.length > 0 ? [table(['builder', 'purpose'], rows)] : []),
    ...shown.filter((one) => !isBuilder(one)).map(section),
  ];
}

/** One line of a list of builders, which are all alike. */
function isBuilder({ kind, signature }: Declaration): boolean {
  return kind === 'const' && /= \w*[bB]uilder\(/.test(signature);
}

function section({ name, about, signature }: Declaration): string {
  return [`### ${name}`, ...(about ? [about] : []), `\`\`\`ts\n${signature}\n\`\`\``].join('\n\n');
}

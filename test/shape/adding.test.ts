// The table "Add something" of ARCHITECTURE.md, tried: one of each is added to a copy of the sources. Its line alone makes
// the compiler name what else is needed; with that, it is in the SDK, the catalogue, the API and the client; and without
// its line, the compiler names it where it is used.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../..');
const PACKAGES = ['sdk', 'client', 'server', 'web'];

/** Text put before a line of a file. */
interface Line {
  readonly path: string;
  readonly before: string;
  readonly text: string;
}

interface Addition {
  readonly of: string;
  /** Its file, where it has one, and its text. */
  readonly file?: readonly [path: string, text: string];
  /** What names it in the list that it belongs to. */
  readonly lines: readonly Line[];
  /** What the compiler asks for once the lines are there. */
  readonly rest?: readonly Line[];
  /** Where the compiler finds something missing until `rest` is there and `npm run docs` has run, and what it says. */
  readonly asks?: readonly (readonly [path: string, names: RegExp])[];
  /** How it is used, and what the compiler says there without the lines. */
  readonly use: string;
  readonly unknown: RegExp;
}

const ADDITIONS: readonly Addition[] = [
  {
    of: 'a record kind',
    file: [
      'packages/sdk/src/records/drug-interaction.ts',
      `// Interactions of drugs that were found.

import { defineRecord } from '#kit/record-kind.ts';

export const DrugInteraction = defineRecord({
  prefix: 'DRUG_INTERACTION',
  resource: 'DetectedIssue',
  label: 'Drug interaction',
  summary: 'Two drugs that should not be taken together.',
  where: 'code says DRG',
  is: ({ code }) => code?.coding?.some((coding) => coding.code === 'DRG') ?? false,
});
`,
    ],
    lines: [
      {
        path: 'packages/sdk/src/records/index.ts',
        before: 'import { Encounter }',
        text: "import { DrugInteraction } from './drug-interaction.ts';",
      },
      { path: 'packages/sdk/src/records/index.ts', before: '  Encounter,', text: '  DrugInteraction,' },
    ],
    use: `export class Interactions extends BaseProtocol.on(EventType.DRUG_INTERACTION_CREATED) {
  override compute() {
    return log({ message: this.event.context.record.resourceType satisfies 'DetectedIssue' });
  }
}`,
    unknown: /DRUG_INTERACTION_CREATED/,
  },
  {
    of: 'a command',
    file: [
      'packages/sdk/src/commands/snooze.ts',
      `// Snooze: what can wait.

import { defineCommand } from '#kit/command-kind.ts';
import { text } from '#kit/schema.ts';

export const Snooze = defineCommand({
  key: 'snooze',
  prefix: 'SNOOZE',
  label: 'Snooze',
  summary: 'What can wait until the next visit.',
  fields: { narrative: { label: 'Narrative', schema: text(100), needed: true } },
});
`,
    ],
    lines: [
      {
        path: 'packages/sdk/src/commands/index.ts',
        before: 'import { StopMedication }',
        text: "import { Snooze } from './snooze.ts';",
      },
      { path: 'packages/sdk/src/commands/index.ts', before: '  StopMedication,', text: '  Snooze,' },
    ],
    rest: [
      {
        path: 'packages/server/src/demo/every-event/commands.ts',
        before: '    plan: {',
        text: "    snooze: { fields: { narrative: 'The cough.' }, edit: { narrative: 'The cold.' } },",
      },
    ],
    asks: [
      ['packages/sdk/src/sdk/complete.ts', /"snooze"/],
      ['packages/server/src/demo/every-event/commands.ts', /'snooze'/],
    ],
    use: "export const snoozed: Effect = snooze.originate({ note: 'n1', fields: { narrative: 'The cough.' } });",
    unknown: /snooze/,
  },
  {
    of: 'an effect',
    file: [
      'packages/sdk/src/effects/pause.ts',
      `// Pauses of tasks.

import { closed, fhirId } from '#kit/schema.ts';
import { defineEffect, needs } from './definition.ts';

export const PauseTask = defineEffect({
  type: 'PAUSE_TASK',
  summary: 'Pauses a task.',
  writes: 'The Task.',
  payload: closed({ task: fhirId('the task') }),
  example: { task: 't1' },
  scopes: () => needs('Task', 'u'),
  apply: async ({ task }) => [\`Task/\${task}\`],
});
`,
    ],
    lines: [
      {
        path: 'packages/sdk/src/effects/index.ts',
        before: 'import { AddOrUpdateProtocolCard }',
        text: "import { PauseTask } from './pause.ts';",
      },
      { path: 'packages/sdk/src/effects/index.ts', before: '  Log,', text: '  PauseTask,' },
    ],
    asks: [['packages/sdk/src/sdk/complete.ts', /"PAUSE_TASK"/]],
    use: "export const paused: Effect<'PAUSE_TASK'> = pauseTask({ task: 't1' });",
    unknown: /PAUSE_TASK/,
  },
  {
    of: 'an event of the platform',
    lines: [
      {
        path: 'packages/sdk/src/events/platform.ts',
        before: '  PATIENT_MERGED: MergeContext;',
        text: '  SERVER_STARTED: { readonly version: string };',
      },
    ],
    rest: [
      {
        path: 'packages/sdk/src/events/platform.ts',
        before: '  PATIENT_MERGED: {',
        text: "  SERVER_STARTED: { kind: 'notice', summary: 'A server started.', occurs: 'At its start.', target: 'Server' },",
      },
    ],
    asks: [['packages/sdk/src/events/platform.ts', /'SERVER_STARTED'/]],
    use: `export class Started extends BaseProtocol.on(EventType.SERVER_STARTED) {
  override compute() {
    return log({ message: this.event.context.version });
  }
}`,
    unknown: /SERVER_STARTED/,
  },
  {
    of: 'a scope beside those of records',
    lines: [
      {
        path: 'packages/sdk/src/kit/scopes.ts',
        before: "  'system/chartwire.unlock': {",
        text: "  'system/chartwire.export': { text: 'Export charts', summary: 'Whole charts, as files.', withAdmin: false },",
      },
    ],
    use: "export const mayExport: boolean = new ScopeSet([]).holds('system/chartwire.export');",
    unknown: /chartwire\.export/,
  },
  {
    of: 'an error',
    lines: [
      {
        path: 'packages/sdk/src/kit/errors/inbox.ts',
        before: "  'inbox.not-found': {",
        text: "  'task.paused': { status: 409, issue: 'conflict', sentence: '{task} is paused.', next: 'Resume it.' },",
      },
    ],
    use: "export const refusal = new Refusal('task.paused', { task: 'Task/t1' });",
    unknown: /'"task\.paused"'/,
  },
  {
    of: 'a route',
    lines: [
      {
        path: 'packages/client/src/contract/checks.ts',
        before: '  disable: row({',
        text: `  count: row({
    method: 'GET',
    path: '/api/checks/count',
    operation: 'checks.count',
    summary: 'How many checks come with Chartwire',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'The number.', schema: Type.Object({ count: Type.Integer() }) },
  }),`,
      },
    ],
    rest: [
      {
        path: 'packages/server/src/server/api/checks.ts',
        before: '  disable: route(',
        text: '  count: route(CHECKS.count, async () => ({ count: BUILT_IN.length })),',
      },
      { path: 'docs/pages/permissions.ts', before: "    'practice.get", text: "    'checks.count'," },
    ],
    asks: [
      ['packages/server/src/server/api/checks.ts', /'count'/],
      ['packages/client/src/client/addresses.ts', /'count'/],
      ['docs/pages/permissions.ts', /'"checks\.count"'/],
    ],
    use: 'export const count: Promise<{ count: number }> = createClient().checks.count();',
    unknown: /'count'/,
  },
];

const USES = `// How what was added is used.

import { createClient } from '#client/index.ts';
import { Refusal } from '#kit/errors.ts';
import { ScopeSet } from '#kit/scopes.ts';
import { BaseProtocol, type Effect, EventType, log, pauseTask, snooze } from '#sdk/index.ts';

${ADDITIONS.map(({ use }) => use).join('\n\n')}
`;

/** Tells, as JSON, what a program finds of what was added. */
const FINDINGS = `
import { readFileSync } from 'node:fs';
import { createClient } from '#client/index.ts';
import { CONTRACT } from '#contract/index.ts';
import { eventByType } from '#events/catalogue.ts';
import { ScopeSet } from '#kit/scopes.ts';
import { parseManifest } from '#plugin-host/manifest.ts';
import { kindOfRecord } from '#records/index.ts';
import * as sdk from '#sdk/index.ts';
import { openApi } from '#server/openapi.ts';
import { routesFor } from '#server/routes.ts';
import { scopeText } from '#web/plugins/scope-words.ts';
const scope = 'system/chartwire.export';
const manifest = { name: 'a', version: '1.0.0', description: '', entry: 'a.ts', scopes: [scope] };
const refusal = () => { try { parseManifest(manifest); } catch ({ message }) { return message; } };
const page = (name) => readFileSync(new URL('./docs/catalogue/' + name, import.meta.url), 'utf8');
console.log(JSON.stringify({
  kind: kindOfRecord({ resourceType: 'DetectedIssue', status: 'final', code: { coding: [{ code: 'DRG' }] } }).prefix,
  events: ['DRUG_INTERACTION_UPDATED', 'SNOOZE_COMMAND__PRE_COMMIT', 'SERVER_STARTED'].map((type) => eventByType(type)?.type),
  snooze: sdk.snooze.originate({ note: 'n1' }).payload.command,
  pause: sdk.pauseTask({ task: 't1' }),
  client: typeof createClient().checks.count,
  scope: {
    faults: ScopeSet.faults([scope, scope + 's']),
    covered: [[scope], ['system/chartwire.admin']].map((held) => new ScopeSet(held).covers(scope)),
    manifest: refusal(),
    words: scopeText(scope),
  },
  paths: Object.keys(routesFor({ commands: [] }).reduce((all, { path }) => ({ ...all, [path]: 1 }), {})).filter((path) => path.endsWith('/count')),
  pages: {
    'records.md': page('records.md').includes('Drug interaction'),
    'commands.md': page('commands.md').includes('snooze'),
    'effects.md': page('effects.md').includes('pauseTask('),
    'errors.md': page('errors.md').includes('task.paused'),
    'events.md': page('events.md').includes('SERVER_STARTED'),
    'permissions.md': ['/api/checks/count', scope].every((text) => page('permissions.md').includes(text)),
  },
}));
`;

let copy: string;

before(() => {
  copy = mkdtempSync(join(tmpdir(), 'adding-'));
  for (const name of readdirSync(ROOT)) {
    if (/^(package|tsconfig.*)\.json$/.test(name)) cpSync(join(ROOT, name), join(copy, name));
  }
  cpSync(join(ROOT, 'docs'), join(copy, 'docs'), {
    recursive: true,
    filter: (path) => !path.endsWith('/screenshots'),
  });
  for (const name of PACKAGES) {
    const [from, to] = [join(ROOT, 'packages', name), join(copy, 'packages', name)];
    cpSync(from, to, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
    const own = readdirSync(from).includes('node_modules');
    if (own) symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
  }
  // Other packages are where they are; ours are those of the copy.
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@chartwire'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@chartwire' && name !== 'chartwire')
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  symlinkSync(join(copy, 'packages/server'), join(modules, 'chartwire'));
  for (const name of PACKAGES) symlinkSync(join(copy, 'packages', name), join(modules, '@chartwire', name));

  writeFileSync(join(copy, 'uses.ts'), USES);
  writeFileSync(join(copy, 'findings.ts'), FINDINGS);
  const config = { extends: './tsconfig.json', compilerOptions: { noEmit: true }, include: [], exclude: [] };
  const pure = ['uses.ts', 'packages/sdk/src/sdk/complete.ts'];
  const all = [...pure, 'docs/pages/permissions.ts', 'packages/server/src/demo/every-event/commands.ts'];
  writeFileSync(join(copy, 'pure.json'), JSON.stringify({ ...config, files: pure }));
  writeFileSync(join(copy, 'all.json'), JSON.stringify({ ...config, files: all }));
  for (const { file, lines } of ADDITIONS) {
    if (file) writeFileSync(join(copy, file[0]), file[1]);
    lines.forEach(put);
  }
});

after(() => rmSync(copy, { recursive: true, force: true }));

function put({ path, before, text }: Line): void {
  edit(path, (source) => {
    const at = source.indexOf(`\n${before}`) + 1;
    assert.ok(at > 0, `${path} has no line that begins with ${before}`);
    return `${source.slice(0, at)}${text}\n${source.slice(at)}`;
  });
}

function takeOut({ path, text }: Line): void {
  edit(path, (source) => source.replace(`${text}\n`, ''));
}

function edit(path: string, change: (source: string) => string): void {
  writeFileSync(join(copy, path), change(readFileSync(join(copy, path), 'utf8')));
}

async function run(...args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, text };
}

/** What the compiler says, a line a fault with what belongs to it. */
async function faults(project: string): Promise<string[]> {
  const { text } = await run('node_modules/typescript/bin/tsc', '-p', project, '--pretty', 'false', '--checkers', '1');
  return text.split(/\n(?=\S)/).filter((line) => line.trim() !== '');
}

const named = (lines: readonly string[], path: string, what: RegExp): boolean =>
  lines.some((line) => line.startsWith(`${path}(`) && what.test(line));

test('ARCHITECTURE.md says where each is added', () => {
  const rows = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('\n');
  for (const { of, lines, rest = [] } of ADDITIONS) {
    const row = rows.find((one) => one.startsWith(`| ${of} |`)) ?? '';
    for (const { path } of [...lines, ...rest]) {
      const folder = dirname(path).replace('packages/', '');
      assert.ok(row.includes(folder), `the row of ${of} does not name ${folder}`);
    }
  }
});

test('the line of a thing is enough, or the compiler names what else is needed', async () => {
  const found = await faults('all.json');
  for (const { of, asks = [] } of ADDITIONS) {
    for (const [path, what] of asks) assert.ok(named(found, path, what), `${of}: ${path}\n${found.join('\n')}`);
  }
});

test('with that it compiles, and is in the SDK, the catalogue, the API and the client', async () => {
  for (const { rest = [] } of ADDITIONS) rest.forEach(put);
  assert.equal((await run('--conditions=@chartwire/source', 'docs/write-catalogue.ts')).code, 0);
  assert.deepEqual(await faults('all.json'), []);
  const { text } = await run('--conditions=@chartwire/source', 'findings.ts');
  assert.deepEqual(JSON.parse(text), {
    kind: 'DRUG_INTERACTION',
    events: ['DRUG_INTERACTION_UPDATED', 'SNOOZE_COMMAND__PRE_COMMIT', 'SERVER_STARTED'],
    snooze: 'snooze',
    pause: { type: 'PAUSE_TASK', payload: { task: 't1' } },
    client: 'function',
    scope: {
      faults: ['system/chartwire.exports'],
      covered: [true, false],
      manifest:
        'chartwire.json isn’t valid: /scopes/0 system/chartwire.export is for people and clients, not for plugins.',
      words: 'Export charts',
    },
    paths: ['/api/checks/count'],
    pages: {
      'records.md': true,
      'commands.md': true,
      'effects.md': true,
      'errors.md': true,
      'events.md': true,
      'permissions.md': true,
    },
  });
});

test('without its line, the compiler names it where it is used', async () => {
  for (const { lines } of ADDITIONS) lines.forEach(takeOut);
  const found = await faults('pure.json');
  for (const { of, unknown } of ADDITIONS) {
    assert.ok(
      found.some((line) => unknown.test(line)),
      `${of}\n${found.join('\n')}`,
    );
  }
});

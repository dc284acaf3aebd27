// What a plugin author is given, at run time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Value } from 'typebox/value';
import { COMMANDS, type CommandKey } from '#commands/index.ts';
import { EFFECTS } from '#effects/index.ts';
import { type ChartEvent, EVENTS } from '#events/catalogue.ts';
import * as sdk from '#sdk/index.ts';
import { builderOf } from '../../docs/builders.ts';

const root = fileURLToPath(new URL('../../packages/sdk/', import.meta.url));

function contextOf<T extends sdk.EventType>(event: ChartEvent<T>): sdk.HandlerContext<T> {
  return {
    event,
    practice: { timeZone: 'UTC', today: '2026-08-23' },
    data: { read: async () => null, search: async () => [] },
    http: { fetch: async () => assert.fail('no call expected') },
    variables: { TOKEN: 'x' },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  };
}

const cron: ChartEvent<'CRON'> = {
  id: '0198d3c0-0000-7000-8000-000000000000',
  type: 'CRON',
  target: { type: 'Clock', id: '2026-08-23T03:00:00.000Z' },
  patient: null,
  note: null,
  actor: { type: 'system', id: 'clock' },
  source: 'clock',
  at: '2026-08-23T03:00:00.012Z',
  chartVersion: null,
  cause: null,
  depth: 0,
  context: { minute: '2026-08-23T03:00:00.000Z' },
};

test('the script of a plugin carries nothing but src/sdk, and less than 30 KB of it', async () => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/sdk/index.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'neutral',
    target: 'es2024',
    conditions: ['@chartwire/source'],
    logLevel: 'silent',
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => !path.startsWith('src/sdk/'));
  assert.deepEqual(foreign, []);
  assert.ok(outputFiles[0]!.contents.length < 30_000, `${outputFiles[0]!.contents.length} bytes`);
});

test('EventType gives every event type of the catalogue, and no property that is not one', () => {
  for (const { type } of EVENTS) assert.equal(sdk.EventType[type], type);
  assert.equal(Reflect.get(sdk.EventType, Symbol.toPrimitive), undefined);
});

test('a class made by on() responds to what it names and holds what the host gave', () => {
  class Both extends sdk.BaseProtocol.on(sdk.EventType.CRON, sdk.EventType.TASK_CREATED) {
    override compute(): sdk.Effect {
      return sdk.log({ message: `${this.event.type} ${this.variables.TOKEN}` });
    }
  }
  assert.deepEqual(Both.RESPONDS_TO, ['CRON', 'TASK_CREATED']);
  assert.deepEqual(new Both(contextOf(cron)).compute(), { type: 'LOG', payload: { message: 'CRON x' } });
});

test('the plain form keeps its own RESPONDS_TO, and a base class without one responds to nothing', () => {
  class Plain extends sdk.BaseProtocol {
    static override RESPONDS_TO = [sdk.EventType.LAB_REPORT_CREATED];
    override compute(): void {}
  }
  assert.deepEqual(Plain.RESPONDS_TO, ['LAB_REPORT_CREATED']);
  assert.equal(sdk.BaseProtocol.RESPONDS_TO, undefined);
});

test('a cron task answers CRON by executing', async () => {
  class Nightly extends sdk.CronTask {
    static override SCHEDULE = '0 3 * * *';
    override async execute(): Promise<sdk.Effect[]> {
      return [sdk.log({ message: this.event.context.minute })];
    }
  }
  assert.deepEqual([Nightly.RESPONDS_TO, Nightly.SCHEDULE, Nightly.TIMEZONE], [['CRON'], '0 3 * * *', undefined]);
  const effects = await new Nightly(contextOf(cron)).compute();
  assert.deepEqual(effects, [{ type: 'LOG', payload: { message: '2026-08-23T03:00:00.000Z' } }]);
});

test('get and post are calls of fetch; post says that it sends JSON, unless it sends text', async () => {
  const calls: unknown[] = [];
  const answer: sdk.HttpResponse = { status: 200, ok: true, headers: {}, text: () => '{}', json: () => ({}) };
  class Caller extends sdk.BaseProtocol.on(sdk.EventType.CRON) {
    override async compute(): Promise<void> {
      await this.http.get('https://a.example/x', { accept: 'text/csv' });
      await this.http.post('https://a.example/y', { a: 1 });
      await this.http.post('https://a.example/z', 'a,b', { 'content-type': 'text/csv' });
    }
  }
  const fetch = async (url: string, request?: object): Promise<sdk.HttpResponse> => {
    calls.push({ url, ...request });
    return answer;
  };
  await new Caller({ ...contextOf(cron), http: { fetch } }).compute();
  assert.deepEqual(calls, [
    { url: 'https://a.example/x', method: 'GET', headers: { accept: 'text/csv' } },
    { url: 'https://a.example/y', method: 'POST', headers: { 'content-type': 'application/json' }, body: { a: 1 } },
    { url: 'https://a.example/z', method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' },
  ]);
});

type Build = (argument: object) => sdk.Effect;

/** `plan.edit` is looked for in `sdk.plan`. */
function builderNamed(name: string): Build {
  return name.split('.').reduce<unknown>((found, part) => Reflect.get(found as object, part), sdk) as Build;
}

for (const one of EFFECTS) {
  const { type, payload, example } = one;
  test(`the builder of ${type} makes what its schema accepts`, () => {
    const argument = 'resource' in example ? example.resource : example;
    const effect = builderNamed(builderOf(one))(argument);
    assert.deepEqual(effect, { type, payload: example });
    assert.ok(Value.Check(payload, effect.payload));
    assert.ok(!Value.Check(payload, { ...example, mistyped: 1 }), 'an unknown property is refused');
  });
}

const BY_KEY: { readonly [K in CommandKey]: Pick<sdk.CommandBuilder<K>, 'originate'> } = sdk;

for (const { key } of COMMANDS) {
  test(`${key} has a builder of its key, which originates that command and no other`, () => {
    assert.deepEqual(BY_KEY[key].originate({ note: 'n1' }), {
      type: 'ORIGINATE_COMMAND',
      payload: { note: 'n1', fields: {}, command: key },
    });
  });
}

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { charting } from '../server/charting.ts';
import { ADMIN, type RunningApp, runApp } from '../server/running-app.ts';
import { until } from '../support/core.ts';
import { chartwire, type Ran, start } from './chartwire.ts';
import { keptChartwire } from './kept-chartwire.ts';

describe('the verbs that talk to a server', () => {
  let app: RunningApp;
  let env: Record<string, string>;
  let plugin: string;
  before(async () => {
    app = await runApp();
    env = { CHARTWIRE_URL: app.url, CHARTWIRE_TOKEN: ADMIN };
    plugin = join(await mkdtemp(join(tmpdir(), 'chartwire-verbs-')), 'welcome');
    await chartwire(['init', plugin]);
  });
  after(async () => {
    await rm(join(plugin, '..'), { recursive: true, force: true });
    await app.close();
  });

  /** Runs a verb that must succeed. */
  async function done(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await keptChartwire(args, { env });
    assert.equal(code, 0, stderr);
    return stdout;
  }
  const refused = async (...args: string[]): Promise<Ran> => {
    const ran = await keptChartwire(args, { env });
    assert.equal(ran.code, 1, ran.stderr);
    assert.equal(ran.stdout, '');
    return ran;
  };

  async function newPatient(): Promise<string> {
    const made = await app.ask('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient', name: [{ family: 'Yalow' }] },
    });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }

  async function tasksOf(patient: string, atLeast: number): Promise<unknown[]> {
    const tasks = async () => (await app.ask('GET', `/fhir/R4/Task?patient=${patient}`)).json.entry ?? [];
    await until(async () => (await tasks()).length >= atLeast);
    return tasks();
  }

  test('before anything is installed, list says how to begin', async () => {
    const { code, stdout, stderr } = await chartwire(['list'], { env });
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /chartwire init/);
    assert.deepEqual(JSON.parse(await done('list', '--json')), []);
  });

  test('install returns when the plugin is live: the very next change is answered', async () => {
    assert.match(
      await done('install', plugin),
      /^welcome 0\.1\.0 is live and answers PATIENT_CREATED\.\nIts events give it these records: Patient\.\n$/,
    );
    const patient = await newPatient();
    assert.equal((await tasksOf(patient, 1)).length, 1);
    assert.match(await done('list'), /^welcome +0\.1\.0 +live +PATIENT_CREATED$/m);
  });

  test('install fails with the reason, and what was live goes on', async () => {
    const index = join(plugin, 'src/index.ts');
    const good = await readFile(index, 'utf8');
    await writeFile(index, `${good}\nexport class Broken {\n`);
    const { stderr } = await refused('install', plugin);
    assert.match(stderr, /src\/index\.ts:\d+:\d+/);
    await writeFile(index, good.replace('new patient to say welcome', 'newcomer'));
    assert.equal((await tasksOf(await newPatient(), 1)).length, 1);
    await done('install', plugin);
    const [task] = await tasksOf(await newPatient(), 1);
    assert.match(JSON.stringify(task), /Call the newcomer/);
  });

  test('a plugin that is disabled is given nothing until it is enabled: then what waited, or not', async () => {
    assert.match(await done('disable', 'welcome'), /is disabled\. Its events wait until it is enabled: 0 so far/);
    assert.equal(JSON.parse(await done('list', '--json'))[0].state, 'disabled');
    const kept = await newPatient();
    assert.equal((await tasksOf(kept, 0)).length, 0);
    assert.match(await done('enable', 'welcome'), /is live/);
    assert.equal((await tasksOf(kept, 1)).length, 1);
    assert.match(await done('disable', 'welcome', '--pending', 'skip'), /Its events are skipped/);
    const skipped = await newPatient();
    assert.match(await done('enable', 'welcome'), /is live/);
    assert.equal((await tasksOf(await newPatient(), 1)).length, 1);
    assert.equal((await tasksOf(skipped, 0)).length, 0);
  });

  test('emit gives an event to whoever answers it', async () => {
    const patient = await newPatient();
    await tasksOf(patient, 1);
    const event = JSON.parse(await done('emit', 'PATIENT_CREATED', '--target', `Patient/${patient}`, '--json'));
    assert.equal(event.context.record.id, patient);
    assert.equal((await tasksOf(patient, 2)).length, 2);
    assert.match((await refused('emit', 'PATIENT_EATEN')).stderr, /PATIENT_EATEN isn’t an event type/);
  });

  test('schedule shows when handlers run next, and run runs one of them now, and no other', async () => {
    const source = `import { CronTask, log } from 'chartwire/sdk';
      abstract class Yearly extends CronTask {
        static SCHEDULE = '0 3 1 1 *';
        static TIMEZONE = 'practice';
        static CATCH_UP = 'latest' as const;
        execute() { return [log({ message: this.event.context.minute })]; }
      }
      export class Renewals extends Yearly {}
      export class Reminders extends Yearly {}`;
    await charting(app).install('yearly', source);
    const handlers = JSON.parse(await done('schedule', '--json'));
    assert.deepEqual(handlers.map(({ name }: { name: string }) => name).toSorted(), ['Reminders', 'Renewals']);
    const [handler] = handlers;
    assert.deepEqual([handler.plugin, handler.catchUp], ['yearly', 'latest']);
    assert.ok(handler.nextRuns.length === 3 && Date.parse(handler.nextRuns[0]) > Date.now());
    assert.match(await done('schedule'), /yearly\/Reminders +0 3 1 1 \* +practice +latest +\d{4}-/);
    assert.match(await done('run', 'yearly', 'Reminders'), /yearly\/Reminders runs now, for event/);
    const ran = async () => (await app.ask('GET', '/api/plugins/yearly/executions')).json.items;
    await until(async () => (await ran()).length > 0);
    assert.deepEqual(
      (await ran()).map(({ handler }: { handler: string }) => handler),
      ['Reminders'],
    );
    assert.match(
      (await refused('run', 'yearly', 'Rentals')).stderr,
      /no handler Rentals with a schedule.*chartwire schedule/s,
    );
    assert.match((await refused('run', 'welcome', 'Welcome')).stderr, /with a schedule/);
    await done('disable', 'yearly');
    assert.match(await done('schedule'), /none: it is disabled/);
    assert.match(
      (await refused('run', 'yearly', 'Reminders')).stderr,
      /isn’t live: it is disabled.*chartwire enable yearly/s,
    );
    await done('uninstall', 'yearly', '--yes');
  });

  test('logs shows the last lines, then each as it is written', async () => {
    await newPatient();
    const child = start(['logs', 'welcome', '--json'], { env });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    try {
      const first = JSON.parse((await lines.next()).value ?? 'null');
      assert.equal(first.plugin, 'welcome');
      const patient = await newPatient();
      for (;;) {
        const { message } = JSON.parse((await lines.next()).value ?? 'null');
        if (message.includes(patient)) break;
      }
    } finally {
      child.kill('SIGINT');
    }
    const last = await done('logs', 'welcome', '--no-follow', '-n', '1');
    assert.match(last, /^\S+ info +welcome\/WelcomeNewPatient {2}A welcome task for patient .*\n$/);
    assert.equal(await done('logs', '--no-follow', '-n', '0'), '');
    assert.match((await refused('logs', 'nobody', '--no-follow')).stderr, /No plugin is named nobody/);
  });

  test('a check that comes with Chartwire is switched off with a reason, and on again', async () => {
    assert.equal(await done('checks', 'off', 'quantity', '--reason', 'Hospice'), 'The check quantity is off.\n');
    assert.match(await done('checks'), /^quantity +off +prescribe +Hospice \(/m);
    assert.equal(await done('checks', 'on', 'quantity'), 'The check quantity is on.\n');
    assert.match(await done('checks', 'list'), /^quantity +on +prescribe$/m);
    const { code, stderr } = await chartwire(['checks', 'off', 'quantities', '--reason', 'x'], { env });
    assert.deepEqual([code, /there are allergy, duplicate-ingredient/.test(stderr)], [1, true]);
  });

  test('variables are set, shown and forgotten; sensitive ones are never shown', async () => {
    const manifest = JSON.parse(await readFile(join(plugin, 'chartwire.json'), 'utf8'));
    manifest.variables = [{ name: 'GREETING' }, { name: 'KEY', sensitive: true }];
    await writeFile(join(plugin, 'chartwire.json'), JSON.stringify(manifest));
    const installed = await chartwire(['install', plugin], { env });
    assert.match(installed.stderr, /KEY is not set yet/);

    await done('variables', 'set', 'welcome', 'GREETING=good day = morning');
    const secret = await chartwire(['variables', 'set', 'welcome', 'KEY=-'], { env, input: 'hunter2\n' });
    assert.equal(secret.code, 0, secret.stderr);
    const input = Buffer.from('sésame\n', 'latin1');
    const latin = await chartwire(['variables', 'set', 'welcome', 'KEY=-'], { env, input });
    assert.deepEqual([latin.code, latin.stderr.includes('byte 2 of line 1 (0xE9) is not UTF-8')], [2, true]);
    const shown = await done('variables', 'list', 'welcome');
    assert.match(shown, /^GREETING +good day = morning/m);
    assert.match(shown, /^KEY +\(set, sensitive\)/m);
    assert.ok(!(await done('variables', 'list', 'welcome', '--json')).includes('hunter2'));
    assert.match((await refused('variables', 'set', 'welcome', 'OTHER=1')).stderr, /OTHER/);
    await done('variables', 'unset', 'welcome', 'GREETING');

    // A later version that calls it plain isn't given what was set as a secret.
    manifest.variables = [{ name: 'GREETING' }, { name: 'KEY' }];
    await writeFile(join(plugin, 'chartwire.json'), JSON.stringify(manifest));
    assert.match((await chartwire(['install', plugin], { env })).stderr, /KEY is not set yet/);
    assert.match(await done('variables', 'list', 'welcome'), /^KEY +\(not set\)/m);
    assert.match(await done('variables', 'list', 'welcome'), /^GREETING +\(not set\)/m);
  });

  test('what plugins say moves no cursor, hides nothing and turns no text around', async () => {
    const folder = join(plugin, '..', 'noisy');
    await keptChartwire(['init', folder]);
    const entry = join(folder, 'src/index.ts');
    const install = async (source: string, verb = 'install') => {
      await writeFile(entry, source);
      return keptChartwire([verb, folder], { env });
    };
    const noise = String.raw`\x1b[2J\x1b]0;t\x07\x9b31m\u202eolleh\u200b\u{e0041}`;
    const written = String.raw`\u001b[2J\u001b]0;t\u0007\u009b31m\u202eolleh\u200b\udb40\udc41`;
    const handler = `
      import { BaseProtocol, EventType, log } from 'chartwire/sdk';
      export class Noisy extends BaseProtocol.on(EventType.PATIENT_CREATED) {
        compute() {
          if (this.event.context.record.active === false) throw new Error('thrown ${noise}');
          this.log.info('said ${noise}');
          return log({ message: 'asked ${noise}' });
        }
      }`;
    assert.equal((await install(handler)).code, 0);
    for (const active of [true, false]) {
      const body = { resourceType: 'Patient', active, name: [{ family: 'Noether' }] };
      assert.equal((await app.ask('POST', '/fhir/R4/Patient', { body })).status, 201);
    }
    const lines = async () => done('logs', 'noisy', '--no-follow');
    await until(
      async () => /said .*\n/.test(await lines()) && /asked .*\n/.test(await lines()) && /thrown/.test(await lines()),
    );
    const printed = await lines();
    for (const word of ['said', 'asked', 'thrown']) assert.ok(printed.includes(`${word} ${written}`), printed);

    const raw = noise.replace(/\\x(..)|\\u\{(\w+)\}|\\u(....)/g, (_, ...codes) =>
      String.fromCodePoint(
        Number.parseInt(
          codes.find((code) => code !== undefined),
          16,
        ),
      ),
    );
    const outputs = [
      printed,
      await done('logs', 'noisy', '--no-follow', '--json'),
      (await install(`throw new Error('at load ${noise}');`)).stderr,
      (await install(`throw new Error('at load ${noise}');`, 'validate')).stderr,
      (await install(`import '${raw.replaceAll('\x07', '')}.ts';`)).stderr,
      (await keptChartwire([raw], { env })).stderr,
      (await keptChartwire(['variables', 'set', raw, raw], { env })).stderr,
      (await app.ask('GET', '/api/deliveries')).text,
    ];
    for (const output of outputs) {
      assert.match(output, /202e/);
      assert.doesNotMatch(output, /(?!\n)[\p{Cc}\p{Cf}]/u);
    }
    assert.deepEqual(JSON.parse(outputs[1]!.split('\n')[0]!).plugin, 'noisy');
    await done('uninstall', 'noisy');
  });

  test('token create prints the token and nothing else; revoke ends it', async () => {
    const made = await chartwire(['token', 'create', 'reader', '--scope', 'system/Patient.rs', '--expires', '2h'], {
      env,
    });
    const token = made.stdout.trim();
    assert.match(token, /^cw_[\w-]{43}$/);
    assert.equal((await app.ask('GET', '/fhir/R4/Patient', { token })).status, 200);
    const [one] = JSON.parse(await done('token', 'list', '--json')).filter(
      ({ name }: { name: string }) => name === 'reader',
    );
    assert.ok(Math.abs(Date.parse(one.expiresAt) - Date.now() - 7_200_000) < 60_000);
    assert.match(await done('token', 'list'), /reader +system\/Patient\.rs .*valid until/);
    await done('token', 'revoke', one.id);
    assert.equal((await app.ask('GET', '/fhir/R4/Patient', { token })).status, 401);
    assert.match((await refused('token', 'create', 'x', '--scope', 'everything')).stderr, /SMART v2 scope/);
  });

  test('uninstall takes it out', async () => {
    await done('uninstall', 'welcome');
    assert.deepEqual(JSON.parse(await done('list', '--json')), []);
    assert.match((await refused('uninstall', 'welcome')).stderr, /No plugin is named welcome/);
  });

  test('the data folder’s token is used on the same machine, and a wrong one is refused', async () => {
    const beside = await chartwire(['--data', app.dataFolder, 'list'], { env: { CHARTWIRE_URL: app.url } });
    assert.equal(beside.code, 2, 'this server was given its token, so there is no file');
    await writeFile(join(app.dataFolder, 'admin-token'), `${ADMIN}\n`);
    const local = await chartwire(['--data', app.dataFolder, 'list', '--json'], { env: { CHARTWIRE_URL: app.url } });
    assert.equal(local.code, 0, local.stderr);
    // The server was started in a folder, and the plugin is made in one below.
    const started = await mkdtemp(join(tmpdir(), 'chartwire-started-'));
    await mkdir(join(started, 'plugins/mine'), { recursive: true });
    const cwd = join(started, 'plugins/mine');
    const nowhere = await chartwire(['list'], { cwd, env: { CHARTWIRE_URL: app.url } });
    assert.match(nowhere.stderr, /no admin-token in .*mine\/data, nor in a data folder further up/);
    await cp(join(app.dataFolder, 'admin-token'), join(started, 'data/admin-token'));
    const below = await chartwire(['list', '--json'], { cwd, env: { CHARTWIRE_URL: app.url } });
    await rm(started, { recursive: true });
    assert.equal(below.code, 0, below.stderr);
    const wrong = await chartwire(['--token', 'wrong', 'list'], { env });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /valid bearer token/);
  });
});

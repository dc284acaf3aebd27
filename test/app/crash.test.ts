import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../support/core.ts';

const CHARTWIRE = fileURLToPath(new URL('../../packages/server/bin/chartwire.js', import.meta.url));
const TOKEN = 'cw_crash-test-admin-token-0123456789abcdefghijklmno';

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts a server as an operator would, and waits until it says where it is. */
async function serve(data: string): Promise<Running> {
  // With the sources' condition it is the server itself and not a launcher, which would have it stop in order.
  const args = ['--conditions=@chartwire/source', CHARTWIRE, 'serve', '--port', '0', '--no-demo', '--data', data];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, CHARTWIRE_ADMIN_TOKEN: TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (chunk) => (said += chunk));
  for await (const line of createInterface({ input: child.stdout! })) {
    said += `${line}\n`;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) {
      child.stdout!.resume();
      return { child, url };
    }
  }
  throw new Error(`the server did not start: ${said}`);
}

async function put(url: string, id: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/fhir/R4/Patient/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Patient', id, name: [{ family: 'Crash' }] }),
      signal: AbortSignal.timeout(10_000),
    });
    await answer.text();
    return answer.status === 201;
  } catch {
    return false;
  }
}

async function get(url: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${TOKEN}` } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

test('kill -9 of the server, or of its database, at any moment: it comes up again and nothing acknowledged is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-crash-'));
  const data = join(folder, 'data');
  const acknowledged: string[] = [];
  try {
    for (const victim of ['server', 'database', 'both', 'server'] as const) {
      const { child, url } = await serve(data);
      let alive = true;
      const writers = Array.from({ length: 8 }, async () => {
        while (alive) {
          const id = randomUUID();
          if (await put(url, id)) acknowledged.push(id);
          else await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });
      // In the midst of writing, however slow the machine is; and at no moment in particular.
      const had = acknowledged.length;
      await until(async () => acknowledged.length >= had + 10);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
      if (victim !== 'server') {
        const [pid] = (await readFile(join(data, 'postgres/postmaster.pid'), 'utf8')).split('\n');
        process.kill(Number(pid), 'SIGKILL');
      }
      if (victim === 'database') await new Promise((resolve) => setTimeout(resolve, 300));
      await kill(child);
      alive = false;
      await Promise.all(writers);
    }
    const { child, url } = await serve(data);
    for (const id of acknowledged) {
      const { status } = await get(url, `/fhir/R4/Patient/${id}`);
      assert.equal(status, 200, `Patient/${id} was acknowledged`);
    }
    const told = new Map<string, number>();
    for (let after = ''; ; ) {
      const { body } = await get(url, `/api/events?type=PATIENT_CREATED&limit=200${after && `&after=${after}`}`);
      for (const { target } of body.items as { target: { id: string } }[])
        told.set(target.id, (told.get(target.id) ?? 0) + 1);
      if (typeof body.next !== 'string') break;
      after = body.next;
    }
    for (const id of acknowledged) assert.equal(told.get(id), 1, `PATIENT_CREATED of ${id}`);
    const stopped = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await stopped, [0, null], 'and it stops in order');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

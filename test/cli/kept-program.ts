// Runs command lines for kept-chartwire.ts, one after another in this process: `{ args, env, cwd }` in, what it wrote out.

import { run } from '#cli/program.ts';

const written = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = (text) => {
    written[name] += text;
    return true;
  };
}
const home = process.cwd();
let given: string[] = [];

process.on('message', async ({ args, env, cwd }: { args: string[]; env: Record<string, string>; cwd?: string }) => {
  for (const name of given) delete process.env[name];
  given = Object.keys(env);
  Object.assign(process.env, env);
  process.chdir(cwd ?? home);
  Object.assign(written, { stdout: '', stderr: '' });
  process.exitCode = undefined;
  const code = await run(args);
  process.send!({ code, ...written });
});

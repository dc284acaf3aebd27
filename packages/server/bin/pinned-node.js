// Finds the Node.js that Chartwire is tested on and runs scripts with it. Plain JavaScript: it runs under Node 20 too.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = [24, 2];
/** In a checkout there are sources, which are run as they are; a published package has what they were compiled to. */
const HAS_SOURCES = existsSync(fileOf('src/cli/main.ts'));
/** By this condition each of our packages leads to its sources. */
const SOURCES = '--conditions=@chartwire/source';
const FLAGS = ['--disable-warning=ExperimentalWarning', ...(HAS_SOURCES ? [SOURCES] : [])];
/** How often the parent is looked for. */
const PARENT_MS = 500;
const LIFELINE = new URL('./lifeline.js', import.meta.url).href;

/** The path of a Node.js that can run Chartwire: the pinned one, else the running one. Ends the process when neither can. */
export function pinnedNode() {
  const pinned = usesGlibc() ? pinnedPath() : undefined;
  if (pinned !== undefined) return pinned;
  if (isRecent(process.versions.node)) return process.execPath;
  console.error(
    `Chartwire needs Node.js ${OLDEST.join('.')} or newer and this is ${process.versions.node}: install a newer Node.js, ` +
      'or run `npm ci` without --omit=optional on Linux with glibc, which brings one.',
  );
  process.exit(1);
}

/** True when this very process is what `runInstead(node, …)` would start. */
export function isRunning(node) {
  if (HAS_SOURCES && !process.execArgv.includes(SOURCES)) return false;
  return realpathSync(node) === realpathSync(process.execPath);
}

/** Runs `node` with `args` in the place of this process: same terminal, same signals, same end. */
export function runInstead(node, args) {
  // The ipc channel is the child's lifeline: when this process is killed outright it closes, and the child ends too.
  const child = spawn(node, [...FLAGS, `--import=${LIFELINE}`, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.on('error', (error) => {
    console.error(`Node.js could not be started from ${node} (${error.message}): run \`npm ci\` again.`);
    process.exit(1);
  });
  const forward = (signal) => child.kill(signal);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  // A terminal sends Ctrl-C to the child as well; forwarded again it would count as a second one.
  process.on('SIGINT', (signal) => process.stdin.isTTY || forward(signal));
  child.on('exit', (code, signal) => {
    for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.removeAllListeners(name);
    if (signal === null) process.exit(code ?? 1);
    process.exitCode = 128 + (constants.signals[signal] ?? 0);
    process.kill(process.pid, signal);
  });
}

/**
 * Under `npx` and `npm run` a shell stands between npm and this process. A signal to npm ends the shell and is not passed
 * on: that the parent is gone is all there is to see of it.
 */
export function endWithParent() {
  if (process.env.npm_config_user_agent === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_MS);
  watch.unref();
}

function pinnedPath() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    // Resolved, not spelled out: a package manager may have put it in a node_modules folder further up.
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const path = join(dirname(manifest), 'bin', 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The pinned binaries are linked against glibc; on musl (Alpine) they do not start. */
function usesGlibc() {
  if (process.platform !== 'linux') return true;
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime !== undefined;
}

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** What the `chartwire` command runs, as a path below the package's folder. */
export const MAIN = HAS_SOURCES ? 'src/cli/main.ts' : 'dist/cli/main.js';

/** The path of a file of this package, from its path below the package's folder. */
export function fileOf(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/**
 * Keeps compiled code for the next start, which is then half as long. In the package's own folder: a cache that others
 * may write to would run their code.
 */
export function keepCompiledCode() {
  module.enableCompileCache?.(fileOf('node_modules/.cache/chartwire'));
}

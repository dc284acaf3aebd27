// Chromium on a real server with the browser's chart, for the tests of its screens. Debian's Chromium, or CHROMIUM.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { AppOptions } from '#app.ts';
import { builtWeb } from '@chartwire/web/build';
import { type RunningApp, runApp } from '../server/running-app.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** The same browser without windows, where it is installed: a quarter of the processor time, but it shows no PDF. */
const SHELL = '/usr/bin/chromium-headless-shell';
const WITHOUT_WINDOWS = process.env.CHROMIUM === undefined && existsSync(SHELL) ? SHELL : CHROMIUM;

/** For `skip:` of a suite: why it cannot run here, or false. */
export const NO_BROWSER = existsSync(CHROMIUM)
  ? false
  : `There is no ${CHROMIUM}: apt-get install chromium, or say where one is in CHROMIUM.`;

/** The server by another name: plain HTTP is no secure context there, as it is at 127.0.0.1. */
export const LAN_HOST = 'clinic.test';
const FLAGS = [
  `--host-resolver-rules=MAP ${LAN_HOST} 127.0.0.1`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];
/** Milliseconds for anything to appear: a machine may be busy. */
const PATIENCE = 90_000;
export const PASSWORD = 'violet lantern over the harbor';

export interface Seat {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Who sits there; their password is PASSWORD. */
  readonly login: string;
  /** Fails when the page threw, logged an error, or broke its content security policy. */
  untroubled(): void;
}

export interface Practice {
  readonly app: RunningApp;
  /** Somebody of these roles, signed in, at `path`; nothing is shared with others at the same browser. */
  seat(path?: string, options?: SeatOptions): Promise<Seat>;
  close(): Promise<void>;
}

export interface SeatOptions {
  readonly roles?: readonly string[];
  readonly name?: string;
  /** Id of the Practitioner who they are. */
  readonly practitioner?: string;
  readonly dark?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
}

/** A server, and a browser with as many people at it as are asked for, each with cookies and storage of their own. */
export async function openPractice(
  options: Partial<AppOptions> = {},
  { showsPdf = false }: { readonly showsPdf?: boolean } = {},
): Promise<Practice> {
  const executablePath = showsPdf ? CHROMIUM : WITHOUT_WINDOWS;
  const app = await runApp({ web: builtWeb(), ...options });
  let browser: Promise<Browser> | undefined;
  let people = 0;
  return {
    app,
    async seat(
      path = '/',
      { roles = ['clinician', 'admin'], name = 'Robin Vale', practitioner, dark = false, size } = {},
    ) {
      const login = `person-${++people}@example.org`;
      browser ??= chromium.launch({ executablePath, headless: true, args: FLAGS, timeout: PATIENCE });
      const context = await (await browser).newContext({
        viewport: size ?? { width: 1440, height: 900 },
        colorScheme: dark ? 'dark' : 'light',
        locale: 'en-US',
      });
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      const troubles = troublesOf(page);
      await signIn(app, context, { login, name, roles, practitioner });
      await page.goto(app.url + path);
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      return { page, context, login, untroubled: () => assert.deepEqual(troubles, []) };
    },
    async close() {
      await (await browser)?.close();
      await app.close();
    },
  };
}

/** Makes a user who has chosen PASSWORD and is signed in at `context`: through the API, since the screen takes seconds. */
async function signIn(app: RunningApp, context: BrowserContext, user: object): Promise<void> {
  const made = await app.ask('POST', '/api/users', { body: user });
  assert.equal(made.status, 201, made.text);
  const token = new URL(made.json.link as string, app.url).hash.slice(1);
  const chosen = await context.request.post(`${app.url}/api/session/link`, { data: { token, password: PASSWORD } });
  assert.equal(chosen.status(), 200, await chosen.text());
}

function troublesOf(page: Page): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    // A refusal is an answer like others; that the browser notes it is no trouble.
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) troubles.push(message.text());
  });
  return troubles;
}

/** The keys of a sequence, which must follow each other within 900 ms: sent without waiting in between for a busy machine. */
export async function pressTogether(page: Page, ...keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Waits until everything that is fading or sliding in or out has arrived. A spinner turns without end and is not waited for. */
async function settled(page: Page) {
  await page.evaluate(async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter(
          ({ playState, effect }) => playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime),
        );
    for (let ending = moving(); ending.length > 0; ending = moving()) {
      await Promise.allSettled(ending.map(({ finished }) => finished));
    }
  });
}

/**
 * What WCAG 2.2 A and AA find wrong with the page once it is at rest, one line each; empty when nothing is. A dialog
 * that is still fading in has the contrast of neither state.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await settled(page);
  // Half a megabyte to compile: once a document, which most screens share.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(AXE, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(
          context: Document,
          options: object,
        ): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
      };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }))
      .violations;
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

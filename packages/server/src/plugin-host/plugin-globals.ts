// The globals that a plugin has beyond the language's, and those that it lacks. The docs page, the hints in errors, and the tests
// are derived from these two tables; their types are in sdk/globals.d.ts.

import type { LazyGlobal } from './globals/names.ts';
import type { REMOVED } from './runner/realm.ts';

/** Available globals, and how they differ from the standard. */
export const GLOBALS: Readonly<Record<LazyGlobal | 'console', string>> = {
  URL: 'As in the URL Standard, international domain names included. There is no `createObjectURL`.',
  URLSearchParams: 'As in the URL Standard.',
  fetch:
    'The standard face of `this.http.fetch`: the same hosts, limits and record. It takes `method`, `headers` and `body`; ' +
    'headers in a plain object may hold secrets. A request ends after 10 seconds; redirects are followed. It works while a ' +
    'handler runs. Where there is no answer it rejects with a TypeError, whose `cause` has the `code` of the refusal.',
  Headers: 'As in the Fetch Standard. It holds no secrets and no `set-cookie`.',
  Response:
    'Read it with `text()`, `json()`, `arrayBuffer()` or `bytes()`. Answers are text in UTF-8: the bytes of any other are refused. ' +
    'There are no streams, and no `url`, `blob()` or `formData()`.',
  TextEncoder: 'As in the Encoding Standard.',
  TextDecoder: 'As in the Encoding Standard, for UTF-8 only; with `fatal`, `ignoreBOM` and `stream`.',
  atob: 'As in the HTML Standard: characters that represent bytes.',
  btoa: 'As in the HTML Standard: characters up to U+00FF. Encode other text with `TextEncoder` first.',
  structuredClone:
    'As in the HTML Standard, without `transfer`. It copies the types of the language, and numbers of records as they were written; ' +
    'secrets are refused.',
  crypto:
    '`randomUUID()` and `getRandomValues()`, while a handler runs. Like `Math.random()` they follow from the execution’s id, so that ' +
    'running it again gives the same: good for identifiers, and not for keys or passwords. There is no `subtle`: ' +
    'sign a request with `signedWith` of chartwire/sdk.',
  queueMicrotask: 'As in the HTML Standard.',
  console: '`debug`, `log`, `info`, `warn` and `error` write to the plugin’s log, as `this.log` does.',
};

const TIMERS = 'a plugin has no timers. Return effects now, and let a CronTask do what comes later';
const STREAMS = 'a plugin has no streams. Read an answer as a whole, with text(), json() or arrayBuffer()';
const FILES = 'a plugin has no files. Import JSON and .txt files, which are built into it';
const PAGES = 'a plugin has no page. It answers with effects';
const STORAGE = 'a plugin keeps nothing between executions. Write records with effects, and read them with this.data';
const CONNECTIONS = 'a plugin makes single requests, with this.http or fetch';
const EVENTS = 'a plugin has no event targets. Call functions directly, or await a promise';
const MEMORY = 'a plugin runs on one thread and shares no memory. Use an ArrayBuffer';
const COLLECTION = 'a plugin cannot watch garbage collection. Use a WeakMap or WeakSet, or hold the value itself';

/** Missing globals, and what to use instead: the end of a sentence, without its period. */
export const MISSING = {
  setTimeout: TIMERS,
  clearTimeout: TIMERS,
  setInterval: TIMERS,
  clearInterval: TIMERS,
  setImmediate: `${TIMERS}; queueMicrotask runs a function after this one`,
  clearImmediate: TIMERS,
  requestAnimationFrame: TIMERS,
  process: 'a plugin does not run in Node. Settings are in this.variables, the time in new Date()',
  Buffer: 'a plugin does not run in Node. Use a Uint8Array, with TextEncoder, TextDecoder, atob and btoa',
  global: 'a plugin does not run in Node. Use globalThis',
  require: 'a plugin’s modules are built into one script. Use import',
  __dirname: FILES,
  __filename: FILES,
  window: `${PAGES}, and globalThis has its globals`,
  self: `${PAGES}, and globalThis has its globals`,
  document: PAGES,
  navigator: PAGES,
  location: PAGES,
  alert: `${PAGES}, such as addBannerAlert, and logs with this.log`,
  localStorage: STORAGE,
  sessionStorage: STORAGE,
  indexedDB: STORAGE,
  caches: STORAGE,
  XMLHttpRequest: CONNECTIONS,
  WebSocket: CONNECTIONS,
  EventSource: CONNECTIONS,
  Request: 'a plugin has no Request. Give fetch a URL and options',
  AbortController: 'the host ends a request after 10 seconds, and a handler at its deadline. Leave the signal out',
  AbortSignal: 'the host ends a request after 10 seconds, and a handler at its deadline. Leave the signal out',
  Blob: 'a plugin has no Blob. Use a Uint8Array',
  File: 'a plugin has no File. Use a Uint8Array',
  FileReader: FILES,
  FormData: 'a plugin has no FormData. Send URLSearchParams, or `form` of this.http.fetch',
  ReadableStream: STREAMS,
  WritableStream: STREAMS,
  TransformStream: STREAMS,
  TextEncoderStream: `${STREAMS}; TextEncoder encodes text`,
  TextDecoderStream: `${STREAMS}; TextDecoder takes { stream: true }`,
  CompressionStream: STREAMS,
  DecompressionStream: STREAMS,
  Event: EVENTS,
  EventTarget: EVENTS,
  CustomEvent: EVENTS,
  MessageChannel: EVENTS,
  BroadcastChannel: EVENTS,
  Worker: 'a plugin runs on one thread. Do the work in the handler, or in several handlers',
  DOMException: 'a plugin has no DOMException. Errors have the standard names: compare error.name',
  performance: 'the clock stands still while a handler runs. Use Date.now(), which is when the execution began',
  WebAssembly: 'a plugin runs JavaScript only. Use a package written in it',
  SharedArrayBuffer: MEMORY,
  Atomics: MEMORY,
  WeakRef: COLLECTION,
  FinalizationRegistry: COLLECTION,
} as const satisfies Record<(typeof REMOVED)[number], string> & Readonly<Record<string, string>>;

const NOT_DEFINED = /\b([A-Za-z_]\w*) is not defined\b/;
const NOT_A_FUNCTION = /\bglobalThis\.([A-Za-z_]\w*) is not a (?:function|constructor)\b/;

/** The message, followed by the alternative if it is about a missing global. */
export function withAlternative(message: string): string {
  return message.replace(NOT_DEFINED, hinted).replace(NOT_A_FUNCTION, hinted);
}

function hinted(said: string, name: string): string {
  return Object.hasOwn(MISSING, name) ? `${said}: ${MISSING[name as keyof typeof MISSING]}` : said;
}

// The web globals that pure code expects. They run inside the isolate, made from its own objects.

export { atob, btoa } from './base64.ts';
export { crypto } from './crypto.ts';
export { fetch } from './fetch.ts';
export { Headers } from './headers.ts';
export { queueMicrotask } from './microtask.ts';
export { Response } from './response.ts';
export { structuredClone } from './structured-clone.ts';
export { TextDecoder, TextEncoder } from './text-encoding.ts';

// The scripts of this folder, in the order in which a runner sends them, and the globals that each defines.

export const LIBRARIES = {
  web: [
    'TextDecoder',
    'TextEncoder',
    'atob',
    'btoa',
    'crypto',
    'fetch',
    'Headers',
    'Response',
    'queueMicrotask',
    'structuredClone',
  ],
  url: ['URL', 'URLSearchParams'],
  /** Used by the others. */
  idna: [],
} as const;

export type Library = keyof typeof LIBRARIES;
export type LazyGlobal = (typeof LIBRARIES)[Library][number];

export const LIBRARY_NAMES = Object.keys(LIBRARIES) as Library[];

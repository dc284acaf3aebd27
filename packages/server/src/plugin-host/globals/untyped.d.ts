// Types for untyped packages, as far as they are used here.

declare module 'whatwg-url' {
  export const URL: typeof globalThis.URL;
  export const URLSearchParams: typeof globalThis.URLSearchParams;
}

declare module 'tr46' {
  export function toASCII(domain: string, options: object): string | null;
}

// How the browser's chart is built (build.ts says where to). `npm run web` serves it while it is being written, with the
// requests for the server passed on to it (CHARTWIRE_URL, http://127.0.0.1:8080 unless given).

import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const SERVER = process.env.CHARTWIRE_URL ?? 'http://127.0.0.1:8080';
const PASSED_ON = ['/api', '/fhir', '/healthz', '/readyz'];

/** The folder of sources api/ is at the same path as the API. */
const sourceAt = (url = ''): string | undefined => (/\.tsx?(?:$|\?)/.test(url) ? url : undefined);

export default defineConfig({
  root: fileURLToPath(new URL('./src/', import.meta.url)),
  base: '/',
  resolve: { conditions: ['@chartwire/source', ...defaultClientConditions] },
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    // Everything comes from files of its own: the content security policy forbids what is written into the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    sourcemap: true,
  },
  server: {
    proxy: Object.fromEntries(
      PASSED_ON.map((path) => [path, { target: SERVER, bypass: ({ url }: { url?: string }) => sourceAt(url) }]),
    ),
  },
});

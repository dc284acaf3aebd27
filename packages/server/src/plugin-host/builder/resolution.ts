// Where an import of a plugin leads.

import type { BuildOptions } from 'esbuild-wasm';

export const RESOLUTION = {
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['import'],
  target: 'es2024',
  // Given here, no tsconfig.json is looked for.
  tsconfigRaw: { compilerOptions: { alwaysStrict: true, useDefineForClassFields: true } },
} satisfies BuildOptions;

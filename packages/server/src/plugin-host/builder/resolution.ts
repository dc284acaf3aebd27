// Resolution of a plugin's imports.

import type { BuildOptions } from 'esbuild-wasm';

export const RESOLUTION = {
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['import'],
  target: 'es2024',
  // Set here so that no tsconfig.json is searched for.
  tsconfigRaw: { compilerOptions: { alwaysStrict: true, useDefineForClassFields: true } },
} satisfies BuildOptions;

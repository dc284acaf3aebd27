// Sixty files, each of which passes on the two that come after it: the ways through them are as many as 2 to the 60th.

const both = (n: number) => `export * from './a${n}.ts'; export * from './b${n}.ts';`;

export default () => {
  const files: Record<string, string> = { 'src/index.ts': both(0) };
  for (let n = 0; n < 60; n++) {
    files[`src/a${n}.ts`] = `${both(n + 1)} export const a${n} = 1;`;
    files[`src/b${n}.ts`] = `${both(n + 1)} export const b${n} = 1;`;
  }
  return { ...files, 'src/a60.ts': 'export const it = 1;', 'src/b60.ts': 'export const it = 2;' };
};

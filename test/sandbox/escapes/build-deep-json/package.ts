// The same in data.

export default () => ({
  'src/index.ts': `import data from './data.json'; export const it = data;`,
  'src/data.json': `${'['.repeat(5e6)}${']'.repeat(5e6)}`,
});

// Four hundred folders, one within the other.

export default () => ({ [`${'d/'.repeat(400)}f.ts`]: '', 'src/index.ts': 'export const it = 1;' });

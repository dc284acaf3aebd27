// Overflows the compiler's stack; where one compiler served all, every build after it failed.

export default () => ({ 'src/index.ts': `export const it = ${'('.repeat(3e6)}1${')'.repeat(3e6)};` });

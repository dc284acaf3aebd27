// A source map is read until it ends.

export default ({ climb }: { climb: string }) => ({
  'src/index.ts': `export const it = 1;\n//# sourceMappingURL=${climb}dev/zero`,
});

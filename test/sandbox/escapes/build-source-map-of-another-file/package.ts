// A file in the form of a source map gives its sources away.

export default ({ upTo }: { upTo(path: string): string }) => ({
  'src/index.ts': `export const it = 1;\n//# sourceMappingURL=${upTo('secret.map')}`,
});

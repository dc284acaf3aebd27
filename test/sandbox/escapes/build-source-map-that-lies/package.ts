// A source map in the file itself, by which an error would seem to come from elsewhere.

const map = { version: 3, sources: ['SECRET-place.ts'], sourcesContent: [''], mappings: 'AAAA' };

export default () => ({
  'src/index.ts': `export const it = 1;\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`,
});

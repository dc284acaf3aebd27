// A manifest of 10 MB, which the server would read in one go.

export default ({ manifest }: { manifest: object }) => ({
  'chartwire.json': JSON.stringify({ ...manifest, $schema: 'x'.repeat(10e6) }),
  'src/index.ts': 'export const it = 1;',
});

// The same by an address, in an older form of the comment, and from a package.

export default ({ secretFolder }: { secretFolder: string }) => ({
  'package.json': '{"dependencies":{"mapped":"1.0.0"}}',
  'node_modules/mapped/index.js': `export const it = 1;\n/*@ sourceMappingURL=file://${secretFolder}/secret.map */\n//@ sourceMappingURL=file://${secretFolder}/secret.map`,
  'src/index.ts': `export { it } from 'mapped';`,
});

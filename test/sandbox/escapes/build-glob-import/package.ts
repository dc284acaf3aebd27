// A template in place of a path is looked for by the compiler itself, and was never shown to the rules of imports.

export default ({ upTo }: { upTo(path: string): string }) => ({
  'src/index.ts': `
    const end = globalThis.end;
    export const stolen = require(\`${upTo('secret')}\${end}.json\`);
  `,
});

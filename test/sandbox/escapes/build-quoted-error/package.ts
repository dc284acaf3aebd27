// A file that is no script is quoted in the error about it.

export default ({ upTo }: { upTo(path: string): string }) => ({
  'src/index.ts': `
    const end = globalThis.end;
    export const stolen = require(\`${upTo('not-code')}\${end}.ts\`);
  `,
});

// The names of the files in a folder, by the errors that each of them makes.

export default ({ upTo }: { upTo(path: string): string }) => ({
  'src/index.ts': `
    const end = globalThis.end;
    export const stolen = require(\`${upTo('keys/')}\${end}\`);
  `,
});

// The same with strings that are added up.

export default ({ upTo }: { upTo(path: string): string }) => ({
  'src/index.ts': `
    const name = globalThis.name;
    export const stolen = import('${upTo('')}' + name + '.json');
  `,
});

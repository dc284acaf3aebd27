// The environment of the process that builds, as a text.

export default ({ climb }: { climb: string }) => ({
  'src/index.ts': `
    const end = globalThis.end;
    export const stolen = import(\`${climb}proc/self/env\${end}\`, { with: { type: 'text' } });
  `,
});

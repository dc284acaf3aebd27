// The files of the process that builds, by the way of /proc.

export default ({ climb, secretFolder }: { climb: string; secretFolder: string }) => ({
  'src/index.ts': `
    const end = globalThis.end;
    export const stolen = require(\`${climb}proc/self/root${secretFolder}/secret\${end}.json\`);
  `,
});

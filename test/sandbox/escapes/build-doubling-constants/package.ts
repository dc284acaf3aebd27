// Forty constants, each twice as long as the one before: the compiler works out all of them.

const doubled = Array.from({ length: 40 }, (_, n) => `a${n + 1} = \`\${a${n}}\${a${n}}\``);

export default () => ({
  'src/index.ts': `const enum Long { a0 = 'sixteen letters.', ${doubled.join(', ')} }\nexport const it = Long.a40;`,
});

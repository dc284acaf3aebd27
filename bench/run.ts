// npm run bench [name ...]: the benchmarks, one after another. Prints ratios against limits measured in the same run.

const BENCHES = [
  'commit',
  'http',
  'sandbox',
  'delivery',
  'terms',
  'commands',
  'options',
  'searches',
  'visit',
  'fairness',
] as const;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.some((known) => known === name));
if (unknown.length > 0) {
  console.error(`There is no benchmark named ${unknown.join(', ')}; there are ${BENCHES.join(', ')}.`);
  process.exit(1);
}
for (const name of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name}`);
  const bench: { run(): Promise<void> } = await import(`./${name}.ts`);
  await bench.run();
}

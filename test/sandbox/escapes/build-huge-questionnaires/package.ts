// Questionnaires of 9 MB.

const large = JSON.stringify({ resourceType: 'Questionnaire', status: 'active', title: 'x'.repeat(900_000) });

export default () => ({
  ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`questionnaires/q${n}.json`, large])),
  'src/index.ts': 'export const it = 1;',
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lettersWrong, nearestWords } from '#terms/spelling.ts';
import { spokenStrengths } from '#terms/strengths.ts';
import { tellingWords, wordsOf } from '#terms/words.ts';

test('words have no case, accents, apostrophes or punctuation, and numbers stay whole', () => {
  const cases: Record<string, string> = {
    "Crohn's disease [regional enteritis]": 'crohns disease regional enteritis',
    'Ménière’s disease, unspecified ear': 'menieres disease unspecified ear',
    'levothyroxine sodium 0.05 MG Oral Tablet': 'levothyroxine sodium 0.05 mg oral tablet',
    'triamcinolone 0.1% / 1,000 UNT': 'triamcinolone 0.1% 1000 unt',
    'Hemoglobin A1c/Hemoglobin.total in Blood': 'hemoglobin a1c hemoglobin total in blood',
    Гипертония: 'гипертония',
  };
  for (const [text, words] of Object.entries(cases)) assert.equal(wordsOf(text).join(' '), words);
});

test('a query does without small words, unless it has no others', () => {
  assert.deepEqual(tellingWords('pain in the knee'), ['pain', 'knee']);
  assert.deepEqual(tellingWords('hepatitis a'), ['hepatitis', 'a']);
  assert.deepEqual(tellingWords('without'), ['without']);
  assert.deepEqual(tellingWords('in'), ['in']);
});

test('a strength is found as it is said: micrograms, percent, by the spoon', () => {
  const cases: Record<string, string> = {
    'levothyroxine sodium 0.088 MG Oral Tablet': '88 mcg',
    'amoxicillin 80 MG/ML Oral Suspension': '400 mg 5 ml',
    'triamcinolone acetonide 1 MG/ML Topical Cream': '0.1%',
    'mupirocin 0.02 MG/MG Topical Ointment': '2%',
    'albuterol 0.83 MG/ML Inhalation Solution': '0.083%',
    'insulin glargine 100 UNT/ML Injectable Solution': 'units',
    'lisinopril 10 MG Oral Tablet': '',
  };
  for (const [name, said] of Object.entries(cases)) assert.equal(spokenStrengths(name), said);
});

test('letters wrong are counted to the nearest beginning of a word', () => {
  assert.equal(lettersWrong('hypretens', 'hypertension', 2), 1, 'two neighbours swapped');
  assert.equal(lettersWrong('diabets', 'diabetes', 2), 1, 'one left out');
  assert.equal(lettersWrong('metformmin', 'metformin', 2), 1, 'one put in');
  assert.equal(lettersWrong('asthna', 'asthma', 2), 1, 'one changed');
  assert.equal(lettersWrong('hyper', 'hypertension', 2), 0);
  assert.ok(lettersWrong('lisinopril', 'losartan', 2) > 2);
});

test('of the nearest words those in most terms come first, and short words have none', () => {
  const candidates = [
    { word: 'hypotension', terms: 10 },
    { word: 'hypertension', terms: 90 },
    { word: 'hyperthermia', terms: 500 },
  ];
  assert.deepEqual(nearestWords('hypertensoin', candidates, 3), ['hypertension']);
  assert.deepEqual(nearestWords('hyprtension', candidates, 3), ['hypertension', 'hypotension']);
  assert.deepEqual(nearestWords('hyp', candidates, 3), []);
});

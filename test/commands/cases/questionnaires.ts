// Questionnaire: every type of item, what repeats, what is nested, and every form of choices.

import type { Questionnaire, ValueSet } from '@medplum/fhirtypes';
import { type Case, type RefusalCase, record } from './case.ts';

const SYSTEM = 'http://codes.example';
const coding = (code: string) => ({ system: SYSTEM, code });

export const SIZES: ValueSet & { id: string } = {
  resourceType: 'ValueSet',
  id: 'sizes',
  url: 'http://codes.example/ValueSet/sizes',
  version: '3',
  status: 'active',
  compose: {
    include: [{ system: SYSTEM, concept: [{ code: 'S' }, { code: 'M' }, { code: 'L' }] }],
    exclude: [{ system: SYSTEM, concept: [{ code: 'M' }] }],
  },
};

const NOT_HERE = 'http://codes.example/ValueSet/not-here';

export const INTAKE: Questionnaire & { id: string } = {
  resourceType: 'Questionnaire',
  id: 'intake',
  title: 'Intake',
  status: 'active',
  contained: [
    {
      resourceType: 'ValueSet',
      id: 'colors',
      status: 'active',
      expansion: {
        timestamp: '2026-01-01T00:00:00Z',
        contains: [{ abstract: true, display: 'Any', contains: [{ ...coding('red'), display: 'Red' }] }],
      },
    },
  ],
  item: [
    { linkId: 'boolean', type: 'boolean' },
    { linkId: 'decimal', type: 'decimal' },
    { linkId: 'integer', type: 'integer' },
    { linkId: 'date', type: 'date' },
    { linkId: 'dateTime', type: 'dateTime' },
    { linkId: 'time', type: 'time' },
    { linkId: 'string', type: 'string', repeats: true },
    { linkId: 'text', type: 'text' },
    { linkId: 'url', type: 'url' },
    { linkId: 'attachment', type: 'attachment' },
    { linkId: 'reference', type: 'reference' },
    {
      linkId: 'quantity',
      type: 'quantity',
      repeats: true,
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit',
          valueCoding: { system: 'http://unitsofmeasure.org', code: 'kg', display: 'kilograms' },
        },
      ],
    },
    { linkId: 'integers', type: 'choice', answerOption: [{ valueInteger: 1 }, { valueInteger: 2 }] },
    { linkId: 'dates', type: 'choice', answerOption: [{ valueDate: '2026-01-01' }] },
    { linkId: 'times', type: 'choice', answerOption: [{ valueTime: '10:00:00' }] },
    { linkId: 'strings', type: 'choice', repeats: true, answerOption: [{ valueString: 'a' }, { valueString: 'b' }] },
    {
      linkId: 'references',
      type: 'choice',
      answerOption: [{ valueReference: { reference: 'Patient/p1', display: 'Ann' }, initialSelected: true }],
    },
    { linkId: 'open', type: 'open-choice', repeats: true, answerOption: [{ valueCoding: coding('x') }] },
    { linkId: 'contained', type: 'choice', answerValueSet: '#colors' },
    { linkId: 'stored', type: 'open-choice', answerValueSet: `${SIZES.url}|3` },
    { linkId: 'not-here', type: 'choice', answerValueSet: NOT_HERE },
    {
      linkId: 'kid',
      type: 'group',
      repeats: true,
      text: 'Child',
      item: [
        { linkId: 'name', type: 'string', required: true },
        { linkId: 'sick', type: 'boolean' },
        { linkId: 'what', type: 'string', enableWhen: [{ question: 'sick', operator: '=', answerBoolean: true }] },
        {
          linkId: 'visit',
          type: 'group',
          repeats: true,
          item: [
            { linkId: 'on', type: 'date' },
            {
              linkId: 'why',
              type: 'string',
              enableBehavior: 'any',
              enableWhen: [
                { question: 'sick', operator: '=', answerBoolean: true },
                { question: 'on', operator: '>=', answerDate: '2026-01-01' },
              ],
            },
          ],
        },
      ],
    },
    {
      linkId: 'drug',
      type: 'string',
      repeats: true,
      item: [
        { linkId: 'dose', type: 'integer' },
        { linkId: 'reason', type: 'string', enableWhen: [{ question: 'drug', operator: '=', answerString: 'opium' }] },
      ],
    },
    { linkId: 'home', type: 'group', item: [{ linkId: 'stairs', type: 'integer' }] },
  ],
};

const asked = (answers: object) => ({ questionnaire: record('intake'), answers });
const answer = (linkId: string, ...answers: object[]) => ({ linkId, answer: answers });
const kept = (answers: object, ...item: object[]): Pick<Case, 'fields' | 'writes' | 'events'> => ({
  fields: asked(answers),
  writes: [{ resourceType: 'QuestionnaireResponse', questionnaire: 'Questionnaire/intake', item }],
  events: ['INTERVIEW_CREATED'],
});

export const QUESTIONNAIRES: readonly Case[] = [
  {
    command: 'questionnaire',
    rule: 'keeps an answer of every type',
    ...kept(
      {
        boolean: false,
        decimal: 1.5,
        integer: 0,
        date: '2026-08',
        dateTime: '2026-08-23T10:00:00+02:00',
        time: '10:00:00',
        string: ['one', 'two'],
        text: 'Two\nlines',
        url: 'https://example.org/x',
        attachment: { contentType: 'text/plain', data: 'aGVsbG8=', title: 'hello.txt' },
        reference: 'Practitioner/d1',
        quantity: [70, { value: 5, unit: 'stone' }],
      },
      answer('boolean', { valueBoolean: false }),
      answer('decimal', { valueDecimal: 1.5 }),
      answer('integer', { valueInteger: 0 }),
      answer('date', { valueDate: '2026-08' }),
      answer('dateTime', { valueDateTime: '2026-08-23T10:00:00+02:00' }),
      answer('time', { valueTime: '10:00:00' }),
      answer('string', { valueString: 'one' }, { valueString: 'two' }),
      answer('text', { valueString: 'Two\nlines' }),
      answer('url', { valueUri: 'https://example.org/x' }),
      answer('attachment', { valueAttachment: { contentType: 'text/plain', data: 'aGVsbG8=', title: 'hello.txt' } }),
      answer('reference', { valueReference: { reference: 'Practitioner/d1' } }),
      answer(
        'quantity',
        { valueQuantity: { value: 70, unit: 'kilograms', code: 'kg', system: 'http://unitsofmeasure.org' } },
        { valueQuantity: { value: 5, unit: 'stone' } },
      ),
    ),
  },
  {
    command: 'questionnaire',
    rule: 'takes choices of every type, from options and from value sets',
    ...kept(
      {
        integers: 2,
        dates: '2026-01-01',
        times: '10:00:00',
        strings: ['b', 'a'],
        references: 'Patient/p1',
        open: ['x', 'something else'],
        contained: 'red',
        stored: 'L',
        'not-here': { system: SYSTEM, code: 'any' },
      },
      answer('integers', { valueInteger: 2 }),
      answer('dates', { valueDate: '2026-01-01' }),
      answer('times', { valueTime: '10:00:00' }),
      answer('strings', { valueString: 'b' }, { valueString: 'a' }),
      answer('references', { valueReference: { reference: 'Patient/p1', display: 'Ann' } }),
      answer('open', { valueCoding: coding('x') }, { valueString: 'something else' }),
      answer('contained', { valueCoding: { ...coding('red'), display: 'Red' } }),
      answer('stored', { valueCoding: coding('L') }),
      answer('not-here', { valueCoding: coding('any') }),
    ),
  },
  {
    command: 'questionnaire',
    rule: 'keeps each repetition of a group, and asks in it what its own answers call for',
    ...kept(
      {
        kid: [
          { name: 'Ann', sick: false, visit: [{ on: '2025-05-05' }, { on: '2026-05-05', why: 'a fall' }] },
          { name: 'Ben', sick: true, what: 'cough', visit: [{ why: 'cough' }] },
          {},
        ],
      },
      {
        linkId: 'kid',
        text: 'Child',
        item: [
          answer('name', { valueString: 'Ann' }),
          answer('sick', { valueBoolean: false }),
          { linkId: 'visit', item: [answer('on', { valueDate: '2025-05-05' })] },
          {
            linkId: 'visit',
            item: [answer('on', { valueDate: '2026-05-05' }), answer('why', { valueString: 'a fall' })],
          },
        ],
      },
      {
        linkId: 'kid',
        item: [
          answer('name', { valueString: 'Ben' }),
          answer('sick', { valueBoolean: true }),
          answer('what', { valueString: 'cough' }),
          { linkId: 'visit', item: [answer('why', { valueString: 'cough' })] },
        ],
      },
    ),
  },
  {
    command: 'questionnaire',
    rule: 'keeps with each answer what its question contains',
    ...kept(
      {
        drug: [
          { answer: 'aspirin', items: { dose: 100 } },
          'paracetamol',
          { answer: 'opium', items: { reason: 'pain' } },
        ],
        home: { stairs: 3 },
      },
      answer(
        'drug',
        { valueString: 'aspirin', item: [answer('dose', { valueInteger: 100 })] },
        { valueString: 'paracetamol' },
        { valueString: 'opium', item: [answer('reason', { valueString: 'pain' })] },
      ),
      { linkId: 'home', item: [answer('stairs', { valueInteger: 3 })] },
    ),
  },
  {
    command: 'questionnaire',
    rule: 'takes one repetition beside the other answers',
    ...kept(
      { name: 'Ann', drug: 'opium', reason: 'pain', stairs: 2 },
      { linkId: 'kid', item: [answer('name', { valueString: 'Ann' })] },
      answer('drug', { valueString: 'opium', item: [answer('reason', { valueString: 'pain' })] }),
      { linkId: 'home', item: [answer('stairs', { valueInteger: 2 })] },
    ),
  },
];

const refusals: readonly (readonly [rule: string, answers: object, says: RegExp])[] = [
  ['a code that no value set of it has', { contained: 'blue' }, /contained takes one of its options/],
  ['a coding that is not in a stored value set', { stored: coding('M') }, /stored takes one of its options, or text/],
  ['text for a value set that nobody has', { 'not-here': 'any' }, /not-here takes one of its options/],
  ['an answer in place of a group', { kid: ['Ann'] }, /kid takes the answers to what it contains/],
  ['a missing answer in a repetition', { kid: [{ name: 'Ann' }, { sick: true }] }, /name must be answered/],
  [
    'what another repetition calls for',
    {
      kid: [
        { name: 'A', sick: true },
        { name: 'B', what: 'x' },
      ],
    },
    /what is not asked/,
  ],
  [
    'what another answer calls for',
    { drug: ['opium', { answer: 'tea', items: { reason: 'x' } }] },
    /reason is not asked/,
  ],
  ['a question out of its repetition', { kid: [{ name: 'Ann', stairs: 1 }] }, /stairs is asked elsewhere/],
  ['a group twice that does not repeat', { home: [{ stairs: 1 }, { stairs: 2 }] }, /home does not repeat/],
  ['what a question contains without its answer', { dose: 3 }, /drug must be answered/],
  ['a reference that is none', { reference: 'Dr. House' }, /reference takes a reference/],
  ['a file without content', { attachment: { title: 'x' } }, /attachment takes a file/],
  ['a coding for a quantity', { quantity: { code: 'kg' } }, /quantity takes a number, or a quantity/],
];

export const QUESTIONNAIRE_REFUSALS: readonly RefusalCase[] = refusals.map(([rule, answers, says]) => ({
  command: 'questionnaire',
  rule,
  fields: asked(answers),
  at: 'answers',
  says,
}));

// Thirty-five: pre-exposure prophylaxis with its quarterly tests, and a depression that lifts.

import type { Story } from '../story.ts';

export const jordanBellamy: Story = {
  key: 'jordan-bellamy',
  given: ['Jordan'],
  family: 'Bellamy',
  sex: 'male',
  gender: 'other',
  age: '35y',
  street: '5 Canal Walk',
  contact: { name: ['Alex', 'Moreau'], role: 'DOMPART' },
  clinician: 'park',
  payer: 'lakeshore',
  tobacco: 'former',

  visits: [
    { when: '10mo ago', reason: 'Start of PrEP; low mood', for: 'Z29.81', labs: ['bmp', 'hiv', 'hepatitisB'] },
    { when: '7mo ago', reason: 'PrEP and mood follow-up', for: 'Z29.81', labs: ['hiv'] },
    { when: '4mo ago', reason: 'PrEP and mood follow-up', for: 'Z29.81', labs: ['bmp', 'hiv'] },
    { when: '5w ago', reason: 'PrEP and mood follow-up', for: 'Z29.81', labs: ['hiv'] },
  ],
  vitals: {
    weight: [78.5, 79.4, 80.2, 80.6],
    height: [180.5],
    systolic: [122, 120, 118, 120],
    diastolic: [78, 76, 76, 74],
    pulse: [74, 70, 68, 68],
  },
  labs: { creatinine: [0.92, 0.98] },
  conditions: [{ code: 'F33.0', since: '9y ago', note: 'Third episode. Sees a therapist every two weeks.' }],
  medications: [
    {
      drug: 'Emtricitabine-tenofovir DF 200-300 mg tablet',
      sig: 'Take 1 tablet by mouth once a day',
      often: 'QD',
      since: '10mo ago',
      for: 'Z29.81',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 0 },
    },
    {
      drug: 'Sertraline 100 mg tablet',
      sig: 'Take 1 tablet by mouth every morning',
      often: 'QD',
      since: '7mo ago',
      for: 'F33.0',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 1 },
    },
  ],
  allergies: [{ to: 'amoxicillin', reaction: 'urticaria', severity: 'moderate', since: '28y ago' }],
  vaccines: {
    flu: 2,
    others: [
      { vaccine: 'tdap', when: '4y ago' },
      { vaccine: 'hpv', when: '10mo ago' },
      { vaccine: 'hpv', when: '7mo ago' },
      { vaccine: 'hpv', when: '4mo ago' },
    ],
  },
  scores: { phq9: [17, 12, 8, 5] },
  orders: [{ panel: 'hiv', when: 'in 8w' }],
  appointments: [{ when: 'today', at: '11:00', minutes: 20, status: 'arrived', reason: 'Medication check' }],
  tasks: [
    {
      title: 'Renew PrEP assistance program enrollment',
      status: 'requested',
      created: '4d ago',
      due: 'in 10d',
      owner: 'park',
      labels: ['prior-authorization'],
    },
  ],
  goals: [{ text: 'PHQ-9 below 5', since: '10mo ago', due: 'in 3mo', status: 'active', achievement: 'improving' }],
  relatives: [{ role: 'FTH', conditions: [{ code: 'F32.9', age: 40 }] }],
};

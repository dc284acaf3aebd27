// Thirty-one and 27 weeks pregnant with her first: gestational diabetes found three weeks ago, iron running low.

import type { Story } from '../story.ts';

export const fatimaHaddad: Story = {
  key: 'fatima-haddad',
  given: ['Fatima'],
  family: 'Haddad',
  sex: 'female',
  age: '31y',
  street: '33 Orchard Lane',
  language: 'ar',
  contact: { name: ['Samir', 'Haddad'], role: 'SPS' },
  clinician: 'park',
  payer: 'medicaid',
  tobacco: 'never',

  visits: [
    {
      when: '17w ago',
      reason: 'First prenatal visit, 10 weeks',
      for: 'Z34.01',
      labs: ['cbc', 'bloodGroup', 'hepatitisB', 'hiv', 'tsh'],
    },
    { when: '12w ago', reason: 'Prenatal visit, 15 weeks', for: 'Z34.02' },
    { when: '7w ago', reason: 'Prenatal visit, 20 weeks', for: 'Z34.02' },
    {
      when: '3w ago',
      reason: 'Prenatal visit, 24 weeks',
      for: 'Z34.02',
      labs: ['glucoseChallenge', 'cbc', 'ferritin', 'a1c'],
    },
  ],
  vitals: {
    weight: [62.4, 64.1, 67.2, 69],
    height: [163],
    systolic: [108, 106, 110, 112],
    diastolic: [66, 64, 68, 70],
    pulse: [76, 80, 84, 88],
  },
  labs: {
    glucoseChallenge: [168],
    a1c: [5.5],
    hemoglobin: [12.3, 10.6],
    mcv: [86, 79],
    mchc: [33.2, 31.6],
    rdw: [13.4, 15.1],
    ferritin: [9],
    tsh: [1.4],
  },
  conditions: [
    { code: 'Z34.02', since: '12w ago', note: 'Due in 13 weeks by ultrasound.' },
    { code: 'O24.410', since: '3w ago', note: 'Diet and glucose log first; dietitian visit booked.' },
    { code: 'O99.012', since: '3w ago' },
  ],
  medications: [
    {
      drug: 'Prenatal multivitamin with folic acid',
      sig: 'Take 1 tablet by mouth once a day',
      often: 'QD',
      since: '20w ago',
      for: 'Z34.02',
    },
    {
      drug: 'Ferrous sulfate 325 mg tablet',
      sig: 'Take 1 tablet by mouth every morning with orange juice',
      often: 'QD',
      since: '3w ago',
      for: 'O99.012',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 1 },
    },
  ],
  allergies: [],
  vaccines: { flu: 1, others: [{ vaccine: 'mmr', when: '25y ago', reported: true }] },
  imaging: [
    {
      study: 'pregnancyUltrasound',
      when: '7w ago',
      conclusion:
        'Single live intrauterine pregnancy, 20 weeks 2 days. Normal anatomy. Placenta posterior, clear of the os.',
    },
  ],
  appointments: [
    { when: 'in 1d', at: '11:00', minutes: 20, status: 'booked', reason: 'Prenatal visit, 27 weeks' },
    {
      when: 'in 3d',
      at: '13:00',
      minutes: 40,
      status: 'booked',
      reason: 'Dietitian: eating with gestational diabetes',
    },
  ],
  orders: [{ panel: 'cbc', when: 'in 2w' }],
  tasks: [
    {
      title: 'Give Tdap from 28 weeks on',
      status: 'requested',
      created: '3w ago',
      due: 'in 2w',
      owner: 'park',
      labels: ['immunization'],
    },
    {
      title: 'Arrange Arabic interpreter for dietitian visit',
      status: 'completed',
      created: '12d ago',
      owner: 'park',
      labels: ['interpreter'],
      comments: [{ by: 'park', when: '9d ago', text: 'Confirmed by phone.' }],
    },
  ],
  goals: [
    {
      text: 'Fasting glucose below 95 mg/dL every morning',
      since: '3w ago',
      status: 'active',
      achievement: 'in-progress',
      measure: { analyte: 'glucose', below: 95 },
    },
  ],
  relatives: [{ role: 'MTH', conditions: [{ code: 'E11.9', age: 52 }] }],
};

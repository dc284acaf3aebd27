// Fifty-one and tired: an underactive thyroid, and fibroids that cost her iron.

import type { Story } from '../story.ts';

export const siobhanGallagher: Story = {
  key: 'siobhan-gallagher',
  given: ['Siobhan'],
  family: 'Gallagher',
  sex: 'female',
  age: '51y',
  street: '19 Mill Street',
  contact: { name: ['Patrick', 'Gallagher'], role: 'SPS' },
  clinician: 'park',
  payer: 'lakeshore',
  tobacco: 'never',

  visits: [
    { when: '9mo ago', reason: 'Fatigue and heavy periods', for: 'N92.0', labs: ['cbc', 'ferritin', 'tsh'] },
    { when: '6mo ago', reason: 'Anemia follow-up', for: 'D50.0', labs: ['cbc', 'tsh'] },
    { when: '10w ago', reason: 'Anemia and thyroid follow-up', for: 'D50.0', labs: ['cbc', 'ferritin', 'tsh'] },
  ],
  vitals: {
    weight: [74.8, 73.6, 72.1],
    height: [167],
    systolic: [118, 122, 120],
    diastolic: [74, 76, 76],
    pulse: [94, 84, 74],
  },
  labs: {
    hemoglobin: [9.4, 10.7, 11.8],
    mcv: [71, 76, 82],
    mchc: [30.4, 31.6, 32.8],
    rdw: [18.2, 16.8, 15],
    platelets: [438, 402, 356],
    ferritin: [5, 24],
    tsh: [9.84, 5.6, 2.9],
  },
  conditions: [
    { code: 'E03.9', since: '9mo ago' },
    { code: 'D50.0', since: '9mo ago' },
    { code: 'N92.0', since: '9mo ago' },
    { code: 'D25.9', since: '7mo ago', note: 'Two intramural fibroids, the larger 4 cm.' },
  ],
  medications: [
    {
      drug: 'Levothyroxine 75 mcg tablet',
      sig: 'Take 1 tablet by mouth every morning on an empty stomach',
      often: 'QD',
      since: '6mo ago',
      for: 'E03.9',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 3 },
    },
    {
      drug: 'Levothyroxine 50 mcg tablet',
      sig: 'Take 1 tablet by mouth every morning on an empty stomach',
      often: 'QD',
      since: '9mo ago',
      until: '6mo ago',
      stopped: 'Dose raised to 75 mcg',
      for: 'E03.9',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 0 },
    },
    {
      drug: 'Ferrous sulfate 325 mg tablet',
      sig: 'Take 1 tablet by mouth every other day, 4 hours apart from levothyroxine',
      often: 'QD',
      since: '9mo ago',
      for: 'D50.0',
      supply: { quantity: 45, unit: 'tablet', days: 90, refills: 3 },
    },
  ],
  allergies: [{ to: 'codeine', reaction: 'nausea', severity: 'mild', intolerance: true, since: '20y ago' }],
  vaccines: {
    flu: 2,
    others: [
      { vaccine: 'zoster', when: '10mo ago' },
      { vaccine: 'zoster', when: '6mo ago' },
    ],
  },
  imaging: [
    {
      study: 'mammogram',
      when: '4mo ago',
      conclusion: 'No mammographic evidence of malignancy. BI-RADS 1: negative. Next screening in one year.',
    },
  ],
  documents: [
    {
      kind: 'consult',
      when: '7mo ago',
      title: 'Gynecology consult',
      text: 'Heavy menstrual bleeding with two intramural fibroids, 4 cm and 2 cm.\nDiscussed hormonal IUD, ablation and myomectomy. Patient will think about the IUD.\n',
    },
  ],
  appointments: [{ when: 'in 3d', at: '8:40', minutes: 20, status: 'booked', reason: 'Anemia and thyroid follow-up' }],
  orders: [{ panel: 'cbc', when: 'in 2d' }],
  tasks: [
    {
      title: 'Ask gynecology for the IUD appointment',
      status: 'requested',
      created: '9d ago',
      due: 'in 5d',
      owner: 'park',
      labels: ['referral'],
    },
  ],
  goals: [
    {
      text: 'Hemoglobin back to normal',
      since: '9mo ago',
      due: 'in 2mo',
      status: 'active',
      achievement: 'improving',
    },
  ],
  relatives: [{ role: 'MTH', conditions: [{ code: 'E03.9', age: 45 }] }],
};

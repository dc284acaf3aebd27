// Forty-seven: came with a blood pressure of 158, is losing weight and getting there.

import type { Story } from '../story.ts';

export const darnellWashington: Story = {
  key: 'darnell-washington',
  given: ['Darnell', 'James'],
  family: 'Washington',
  sex: 'male',
  age: '47y',
  street: '164 Sycamore Drive',
  contact: { name: ['Renee', 'Washington'], role: 'SPS' },
  clinician: 'osei',
  payer: 'lakeshore',
  tobacco: 'never',

  visits: [
    { when: '13mo ago', reason: 'Annual physical', for: 'Z00.01', labs: ['cmp', 'lipids', 'a1c'] },
    { when: '10mo ago', reason: 'Blood pressure follow-up', for: 'I10', labs: ['bmp'] },
    { when: '6mo ago', reason: 'Blood pressure and sleep follow-up', for: 'I10', labs: ['lipids', 'a1c'] },
    { when: '2mo ago', reason: 'Blood pressure follow-up', for: 'I10', labs: ['bmp', 'lipids', 'a1c'] },
  ],
  vitals: {
    weight: [112.4, 109.8, 106.5, 104.2],
    height: [181],
    systolic: [158, 148, 140, 132],
    diastolic: [98, 94, 88, 84],
    pulse: [84, 80, 76, 74],
  },
  labs: {
    a1c: [6.3, 6.1, 5.9],
    cholesterol: [248, 204, 182],
    triglycerides: [236, 190, 158],
    hdl: [36, 38, 40],
    glucose: [118, 112, 108],
    alt: [52],
  },
  conditions: [
    { code: 'I10', since: '13mo ago' },
    { code: 'E78.2', since: '13mo ago' },
    { code: 'R73.03', since: '13mo ago' },
    { code: 'E66.811', since: '13mo ago' },
    {
      code: 'G47.33',
      since: '8mo ago',
      note: 'AHI 24 on home test. CPAP since seven months, uses it five nights a week.',
    },
  ],
  medications: [
    {
      drug: 'Lisinopril 20 mg tablet',
      sig: 'Take 1 tablet by mouth every morning',
      often: 'QD',
      since: '10mo ago',
      for: 'I10',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 3 },
    },
    {
      drug: 'Atorvastatin 40 mg tablet',
      sig: 'Take 1 tablet by mouth at bedtime',
      often: 'QD',
      since: '13mo ago',
      for: 'E78.2',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 3 },
    },
  ],
  allergies: [],
  vaccines: {
    flu: 2,
    others: [
      { vaccine: 'tdap', when: '5y ago' },
      { vaccine: 'covid', when: '13mo ago' },
    ],
  },
  documents: [
    {
      kind: 'consult',
      when: '8mo ago',
      title: 'Sleep medicine consult',
      text: 'Home sleep apnea test: AHI 24 per hour, lowest saturation 82 %.\nModerate obstructive sleep apnea. CPAP 8 to 14 cm H2O, recheck in three months.\n',
    },
  ],
  appointments: [{ when: 'today', at: '9:00', minutes: 20, status: 'checked-in', reason: 'Blood pressure follow-up' }],
  tasks: [
    {
      title: 'Look at home blood pressure log before the visit',
      status: 'in-progress',
      created: '5d ago',
      due: 'today',
      owner: 'osei',
      labels: ['chart-review'],
      comments: [{ by: 'osei', when: '1d ago', text: 'Log arrived by mail: mornings 128 to 138.' }],
    },
  ],
  goals: [
    {
      text: 'Blood pressure below 130/80 at home',
      since: '13mo ago',
      due: 'in 2mo',
      status: 'active',
      achievement: 'improving',
      measure: { vital: 'systolic', below: 130 },
    },
    {
      text: 'Weight below 100 kg',
      since: '13mo ago',
      due: 'in 6mo',
      status: 'active',
      achievement: 'improving',
      measure: { vital: 'weight', below: 100 },
    },
  ],
  relatives: [
    { role: 'FTH', conditions: [{ code: 'I21.9', age: 52 }], deceased: true },
    { role: 'MTH', conditions: [{ code: 'E11.9', age: 58 }] },
  ],
};

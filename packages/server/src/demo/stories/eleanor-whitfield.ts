// Sixty-eight: rheumatoid arthritis calm on methotrexate, whose price the liver tests begin to show.

import type { Story } from '../story.ts';

export const eleanorWhitfield: Story = {
  key: 'eleanor-whitfield',
  given: ['Eleanor', 'Ruth'],
  family: 'Whitfield',
  sex: 'female',
  age: '68y',
  street: '8 Rectory Lane',
  contact: { name: ['Grace', 'Whitfield'], role: 'DAU' },
  clinician: 'osei',
  payer: 'medicare',
  tobacco: 'never',

  visits: [
    { when: '11mo ago', reason: 'Annual wellness visit', for: 'Z00.00', labs: ['cbc', 'cmp', 'vitaminD', 'crp'] },
    { when: '7mo ago', reason: 'Arthritis and methotrexate follow-up', for: 'M05.79', labs: ['cmp'] },
    {
      when: '10d ago',
      reason: 'Arthritis and methotrexate follow-up',
      for: 'M05.79',
      labs: ['cbc', 'cmp', 'vitaminD', 'crp'],
    },
  ],
  vitals: {
    weight: [58.6, 58.1, 57.4],
    height: [159.5],
    systolic: [128, 126, 130],
    diastolic: [74, 72, 76],
    pulse: [72, 70, 74],
  },
  labs: {
    alt: [24, 33, 61],
    ast: [22, 29, 48],
    creatinine: [0.78, 0.8, 0.81],
    hemoglobin: [12.8, 12.4],
    mcv: [93, 97],
    crp: [14.2, 4.1],
    vitaminD: [19, 34],
  },
  conditions: [
    { code: 'M05.79', since: '6y ago', note: 'Hands and wrists. In remission on methotrexate.' },
    { code: 'M81.0', since: '3y ago' },
    { code: 'Z79.631', since: '6y ago' },
  ],
  medications: [
    {
      drug: 'Methotrexate 2.5 mg tablet',
      sig: 'Take 6 tablets by mouth once a WEEK, on Mondays',
      often: 'WK',
      since: '6y ago',
      for: 'M05.79',
      supply: { quantity: 72, unit: 'tablet', days: 84, refills: 0 },
    },
    {
      drug: 'Folic acid 1 mg tablet',
      sig: 'Take 1 tablet by mouth once a day, except on methotrexate days',
      often: 'QD',
      since: '6y ago',
      for: 'M05.79',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 3 },
    },
    {
      drug: 'Alendronate 70 mg tablet',
      sig: 'Take 1 tablet by mouth once a week with water, 30 minutes before breakfast, upright',
      often: 'WK',
      since: '3y ago',
      for: 'M81.0',
      supply: { quantity: 12, unit: 'tablet', days: 84, refills: 3 },
    },
    {
      drug: 'Vitamin D3 1,000 unit tablet',
      sig: 'Take 1 tablet by mouth once a day',
      often: 'QD',
      since: '11mo ago',
      for: 'M81.0',
    },
  ],
  allergies: [{ to: 'sulfamethoxazole', reaction: 'rash', severity: 'moderate', since: '15y ago' }],
  vaccines: {
    flu: 3,
    others: [
      { vaccine: 'pcv20', when: '2y ago' },
      { vaccine: 'zoster', when: '4y ago' },
      { vaccine: 'zoster', when: '44mo ago' },
      { vaccine: 'covid', when: '12mo ago' },
    ],
  },
  imaging: [
    {
      study: 'boneDensity',
      when: '10mo ago',
      conclusion: 'T-score lumbar spine -2.6, left femoral neck -2.4. Osteoporosis; no change against three years ago.',
    },
  ],
  appointments: [{ when: 'in 4d', at: '9:20', minutes: 20, status: 'booked', reason: 'Discuss liver tests' }],
  orders: [{ panel: 'cmp', when: 'in 4d' }],
  tasks: [
    {
      title: 'ALT 61 on methotrexate: hold the dose? Call patient',
      status: 'requested',
      created: '5d ago',
      due: 'today',
      priority: 'urgent',
      owner: 'osei',
      labels: ['abnormal-lab', 'urgent-review'],
      comments: [{ by: 'park', when: '4d ago', text: 'She takes no acetaminophen, and a glass of wine on Sundays.' }],
    },
  ],
  messages: [
    {
      by: 'osei',
      when: '4d ago',
      minute: 700,
      text: 'One of your liver tests is higher than we like with methotrexate. Please leave out this Monday’s dose; we repeat it on Wednesday.',
    },
    {
      when: '3d ago',
      minute: 545,
      text: 'Thank you. Should I go on with the folic acid? And is a glass of wine at Thanksgiving too much?',
      unread: true,
    },
  ],
  goals: [{ text: 'No flare that needs prednisone', since: '11mo ago', status: 'active', achievement: 'achieved' }],
  relatives: [{ role: 'MTH', conditions: [{ code: 'M06.9' }, { code: 'M81.0', age: 70 }], deceased: true }],
};

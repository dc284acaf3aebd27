// Seven months old: grows along her curve, dry skin, one ear infection.

import type { Story } from '../story.ts';

export const amaraOkafor: Story = {
  key: 'amara-okafor',
  given: ['Amara', 'Ifeoma'],
  family: 'Okafor',
  sex: 'female',
  age: '7mo',
  street: '48 Cooper Street',
  contact: { name: ['Chioma', 'Okafor'], role: 'MTH' },
  clinician: 'vega',
  payer: 'lakeshore',

  visits: [
    { when: 'at 2w', reason: 'Newborn visit', for: 'Z00.111' },
    { when: 'at 2mo', reason: 'Well child visit, 2 months', for: 'Z00.129' },
    { when: 'at 4mo', reason: 'Well child visit, 4 months', for: 'Z00.121' },
    { when: 'at 6mo', reason: 'Well child visit, 6 months', for: 'Z00.129' },
    { when: 'at 28w', reason: 'Fever and pulling at right ear', for: 'H66.001' },
  ],
  vitals: {
    weight: [3.6, 5.2, 6.5, 7.4, 7.7],
    height: [51, 57.3, 62.4, 66, 67.1],
    head: [35.6, 38.5, 40.8, 42.4, 42.8],
    pulse: [148, 142, 136, 130, 146],
    respiration: [44, 40, 36, 33, 38],
    temperature: [36.9, 36.8, 36.8, 36.7, 38.7],
  },
  conditions: [
    { code: 'L20.9', since: 'at 4mo', note: 'Cheeks and elbows. Better with daily emollient.' },
    { code: 'H66.001', since: 'at 28w', until: 'at 30w' },
  ],
  medications: [
    {
      drug: 'Vitamin D3 400 units/mL drops',
      sig: 'Give 1 mL by mouth once a day',
      often: 'QD',
      since: 'at 2w',
      for: 'Z00.111',
    },
    {
      drug: 'Desonide 0.05% cream',
      sig: 'Apply a thin layer to affected skin twice a day for up to 7 days at a time',
      often: 'BID',
      since: 'at 4mo',
      for: 'L20.9',
      supply: { quantity: 60, unit: 'g', days: 30, refills: 1 },
    },
    {
      drug: 'Amoxicillin 400 mg/5 mL suspension',
      sig: 'Give 4 mL by mouth twice a day for 10 days',
      often: 'BID',
      since: 'at 28w',
      until: 'at 30w',
      for: 'H66.001',
      supply: { quantity: 80, unit: 'mL', days: 10, refills: 0 },
    },
  ],
  allergies: [],
  vaccines: { childhood: true },
  appointments: [
    { when: 'in 1d', at: '9:40', minutes: 15, status: 'booked', reason: 'Ear recheck' },
    { when: 'in 8w', at: '10:00', minutes: 30, status: 'booked', reason: 'Well child visit, 9 months' },
  ],
  tasks: [
    {
      title: 'Call mother: is Amara sleeping and feeding again?',
      status: 'in-progress',
      created: '3d ago',
      due: 'in 1d',
      owner: 'vega',
      labels: ['phone-call'],
      comments: [{ by: 'vega', when: '2d ago', text: 'No answer, left a message.' }],
    },
  ],
  relatives: [{ role: 'MTH', conditions: [{ code: 'J30.2' }] }],
};

// Sixteen, five years with type 1 diabetes: the numbers follow the hockey season.

import type { Story } from '../story.ts';

export const noahLindqvist: Story = {
  key: 'noah-lindqvist',
  given: ['Noah', 'Elias'],
  family: 'Lindqvist',
  sex: 'male',
  age: '16y',
  street: '7 Quarry Road',
  contact: { name: ['Karin', 'Lindqvist'], role: 'MTH' },
  clinician: 'vega',
  payer: 'lakeshore',
  tobacco: 'never',

  visits: [
    { when: '12mo ago', reason: 'Diabetes follow-up', for: 'E10.65', labs: ['a1c', 'urineAlbumin', 'tsh'] },
    { when: '8mo ago', reason: 'Diabetes follow-up', for: 'E10.65', labs: ['a1c'] },
    { when: '4mo ago', reason: 'Sports physical', for: 'Z02.5' },
    { when: '3w ago', reason: 'Diabetes follow-up', for: 'E10.65', labs: ['a1c', 'lipids', 'urineAlbumin'] },
  ],
  vitals: {
    weight: [61.5, 63.2, 65, 66.1],
    height: [172.4, 173.8, 175, 175.6],
    systolic: [114, 116, 118, 116],
    diastolic: [68, 70, 70, 70],
    pulse: [66, 64, 62, 66],
  },
  labs: { a1c: [8.1, 9.3, 8.6], tsh: [1.9], urineAlbumin: [8, 14] },
  conditions: [
    { code: 'E10.65', since: '5y ago', note: 'Continuous glucose monitor since age 13. Declines a pump.' },
    { code: 'L70.0', since: '8mo ago' },
  ],
  medications: [
    {
      drug: 'Insulin glargine 100 units/mL pen',
      sig: 'Inject 24 units under the skin at bedtime',
      often: 'QD',
      since: '5y ago',
      for: 'E10.65',
      supply: { quantity: 15, unit: 'mL', days: 60, refills: 5 },
    },
    {
      drug: 'Insulin lispro 100 units/mL pen',
      sig: 'Inject 1 unit per 10 g of carbohydrate before meals, plus correction',
      often: 'TID',
      since: '5y ago',
      for: 'E10.65',
      supply: { quantity: 30, unit: 'mL', days: 60, refills: 5 },
    },
    {
      drug: 'Glucagon 1 mg auto-injector',
      sig: 'Inject for severe low blood sugar, then call 911',
      often: 'PRN',
      since: '3y ago',
      for: 'E10.65',
      supply: { quantity: 2, unit: 'auto-injector', days: 365, refills: 1 },
    },
    {
      drug: 'Adapalene 0.1% gel',
      sig: 'Apply a pea-sized amount to the face at bedtime',
      often: 'QD',
      since: '8mo ago',
      for: 'L70.0',
    },
  ],
  allergies: [],
  vaccines: { childhood: true, flu: 3 },
  orders: [{ panel: 'a1c', when: 'in 10w' }],
  appointments: [
    { when: 'in 2d', at: '16:00', minutes: 30, status: 'booked', reason: 'Review of glucose data' },
    { when: '6w ago', at: '15:20', minutes: 30, status: 'cancelled', reason: 'Diabetes follow-up' },
  ],
  tasks: [
    {
      title: 'Renew prior authorization for glucose sensors',
      status: 'in-progress',
      created: '10d ago',
      due: 'in 4d',
      owner: 'park',
      labels: ['prior-authorization'],
      comments: [
        { by: 'park', when: '8d ago', text: 'Plan asks for the last two A1c results.' },
        { by: 'vega', when: '7d ago', text: 'Both attached.' },
      ],
    },
  ],
  goals: [
    {
      text: 'A1c below 7.5 % by the end of the season',
      since: '8mo ago',
      due: 'in 6mo',
      status: 'active',
      achievement: 'improving',
      measure: { analyte: 'a1c', below: 7.5 },
    },
  ],
  relatives: [
    { role: 'MTH', conditions: [{ code: 'E03.9', age: 38 }] },
    { role: 'BRO', conditions: [{ code: 'E10.9', age: 7 }] },
  ],
};

// Six: asthma under control with a daily inhaler, and a peanut allergy that nobody may forget.

import type { Story } from '../story.ts';

export const mateoHerrera: Story = {
  key: 'mateo-herrera',
  given: ['Mateo'],
  family: 'Herrera',
  sex: 'male',
  age: '6y',
  street: '210 Larch Avenue, Apt 3',
  language: 'es',
  contact: { name: ['Lucía', 'Herrera'], role: 'MTH' },
  clinician: 'vega',
  payer: 'medicaid',

  visits: [
    { when: '14mo ago', reason: 'Well child visit, 5 years', for: 'Z00.121' },
    { when: '8mo ago', reason: 'Cough at night', for: 'J45.30' },
    { when: '5mo ago', reason: 'Asthma follow-up', for: 'J45.30' },
    { when: '2mo ago', reason: 'Well child visit, 6 years', for: 'Z00.121' },
  ],
  vitals: {
    weight: [17.8, 19, 19.8, 20.9],
    height: [107.5, 111.4, 113.2, 115.6],
    systolic: [96, 98, 97, 98],
    diastolic: [58, 60, 58, 60],
    pulse: [98, 106, 96, 94],
    respiration: [21, 26, 21, 20],
    oxygen: [98, 95, 98, 98],
  },
  conditions: [
    { code: 'J45.30', since: '2y ago', note: 'Triggers: colds, cats, cold air.' },
    { code: 'J30.2', since: '14mo ago' },
  ],
  medications: [
    {
      drug: 'Fluticasone HFA 44 mcg inhaler',
      sig: 'Inhale 2 puffs with spacer twice a day; rinse mouth after',
      often: 'BID',
      since: '8mo ago',
      for: 'J45.30',
      supply: { quantity: 1, unit: 'inhaler', days: 30, refills: 5 },
    },
    {
      drug: 'Albuterol HFA 90 mcg inhaler',
      sig: 'Inhale 2 puffs with spacer every 4 hours as needed for cough or wheeze',
      often: 'PRN',
      since: '2y ago',
      for: 'J45.30',
      supply: { quantity: 2, unit: 'inhaler', days: 90, refills: 2 },
    },
    {
      drug: 'Cetirizine 1 mg/mL solution',
      sig: 'Take 5 mL by mouth once a day in pollen season',
      often: 'QD',
      since: '14mo ago',
      for: 'J30.2',
    },
    {
      drug: 'Epinephrine 0.15 mg auto-injector',
      sig: 'Inject into outer thigh at once for a severe allergic reaction, then call 911',
      often: 'PRN',
      since: '2y ago',
      for: 'J45.30',
      supply: { quantity: 2, unit: 'auto-injector', days: 365, refills: 1 },
    },
  ],
  allergies: [{ to: 'peanut', reaction: 'anaphylaxis', severity: 'severe', since: '3y ago' }],
  vaccines: { childhood: true, flu: 3 },
  appointments: [
    { when: 'today', at: '15:40', minutes: 20, status: 'booked', reason: 'Asthma check' },
    { when: '3w ago', at: '16:00', minutes: 20, status: 'noshow', reason: 'Asthma check' },
  ],
  tasks: [
    {
      title: 'Fill in asthma and anaphylaxis plan for school',
      status: 'requested',
      created: '6d ago',
      due: 'in 2d',
      priority: 'urgent',
      owner: 'vega',
      labels: ['school-form'],
    },
  ],
  goals: [
    {
      text: 'No night-time cough, rescue inhaler at most twice a week',
      since: '8mo ago',
      status: 'active',
      achievement: 'improving',
    },
  ],
  relatives: [
    { role: 'MTH', conditions: [{ code: 'J45.909', age: 9 }] },
    { role: 'SIS', conditions: [{ code: 'L20.9', age: 1 }] },
  ],
};

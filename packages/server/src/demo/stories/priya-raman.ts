// Twenty-four, in her first job: migraine, and worry that is getting smaller.

import type { Story } from '../story.ts';

export const priyaRaman: Story = {
  key: 'priya-raman',
  given: ['Priya'],
  family: 'Raman',
  sex: 'female',
  age: '24y',
  street: '91 Foundry Street, Apt 12',
  contact: { name: ['Arjun', 'Raman'], role: 'BRO' },
  clinician: 'park',
  payer: 'lakeshore',
  tobacco: 'never',

  visits: [
    { when: '11mo ago', reason: 'Annual physical', for: 'Z00.00', labs: ['cbc', 'tsh'] },
    { when: '7mo ago', reason: 'Worry and poor sleep', for: 'F41.1' },
    { when: '5mo ago', reason: 'Anxiety follow-up', for: 'F41.1' },
    { when: '2mo ago', reason: 'Migraine and anxiety follow-up', for: 'G43.009' },
  ],
  vitals: {
    weight: [57.2, 56.1, 56.8, 57.6],
    height: [161.5],
    systolic: [112, 118, 114, 110],
    diastolic: [72, 76, 72, 70],
    pulse: [78, 88, 80, 70],
  },
  labs: { tsh: [1.62] },
  conditions: [
    { code: 'G43.009', since: '6y ago', note: 'Two to three a month, without aura.' },
    { code: 'F41.1', since: '7mo ago' },
  ],
  medications: [
    {
      drug: 'Sumatriptan 50 mg tablet',
      sig: 'Take 1 tablet by mouth at onset of migraine; may repeat once after 2 hours',
      often: 'PRN',
      since: '3y ago',
      for: 'G43.009',
      supply: { quantity: 9, unit: 'tablet', days: 30, refills: 5 },
    },
    {
      drug: 'Propranolol 20 mg tablet',
      sig: 'Take 1 tablet by mouth twice a day',
      often: 'BID',
      since: '2mo ago',
      for: 'G43.009',
      supply: { quantity: 60, unit: 'tablet', days: 30, refills: 3 },
    },
    {
      drug: 'Escitalopram 10 mg tablet',
      sig: 'Take 1 tablet by mouth once a day',
      often: 'QD',
      since: '7mo ago',
      for: 'F41.1',
      supply: { quantity: 90, unit: 'tablet', days: 90, refills: 1 },
    },
    {
      drug: 'Levonorgestrel-ethinyl estradiol 0.15-0.03 mg 28-day pack',
      sig: 'Take 1 tablet by mouth once a day',
      often: 'QD',
      since: '2y ago',
      for: 'Z30.41',
      supply: { quantity: 3, unit: 'pack', days: 84, refills: 3 },
    },
  ],
  allergies: [{ to: 'sulfamethoxazole', reaction: 'rash', severity: 'moderate', since: '8y ago' }],
  vaccines: {
    flu: 2,
    others: [
      { vaccine: 'hpv', when: '12y ago', reported: true },
      { vaccine: 'tdap', when: '3y ago' },
    ],
  },
  scores: { gad7: [9, 15, 10, 6], phq9: [4, 8, 5, 3] },
  appointments: [
    { when: 'today', at: '10:20', minutes: 20, status: 'booked', reason: 'Anxiety follow-up' },
    { when: '2w ago', at: '10:20', minutes: 20, status: 'noshow', reason: 'Anxiety follow-up' },
  ],
  tasks: [
    {
      title: 'Send list of therapists who take her plan',
      status: 'completed',
      created: '5mo ago',
      owner: 'park',
      labels: ['referral'],
      comments: [{ by: 'park', when: '5mo ago', text: 'Sent three names.' }],
    },
  ],
  goals: [
    {
      text: 'Fewer than two migraine days a month',
      since: '2mo ago',
      due: 'in 4mo',
      status: 'active',
      achievement: 'in-progress',
    },
  ],
  relatives: [
    { role: 'MTH', conditions: [{ code: 'G43.009' }] },
    { role: 'FTH', conditions: [{ code: 'I10', age: 49 }] },
  ],
};

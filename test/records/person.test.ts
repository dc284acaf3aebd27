import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address, ContactPoint, HumanName } from '@medplum/fhirtypes';
import { currentAddress, currentContact, nameText } from '#records/person.ts';

const AT = new Date('2026-06-15T12:00:00Z');

const NAMES: Readonly<Record<string, readonly [readonly HumanName[], string | undefined]>> = {
  'the official one before the usual one': [
    [
      { use: 'usual', text: 'Bea' },
      { use: 'official', given: ['Beatrice', 'Ann'], family: 'Ode' },
    ],
    'Beatrice Ann Ode',
  ],
  'the usual one before one that says no use, and both before former ones': [
    [{ use: 'maiden', text: 'Maiden' }, { text: 'Plain' }, { use: 'usual', text: 'Usual' }],
    'Usual',
  ],
  'one in force before an official one that has ended': [
    [
      { use: 'official', text: 'Before', period: { end: '2020-05-01' } },
      { use: 'usual', text: 'Now', period: { start: '2020-05-01' } },
    ],
    'Now',
  ],
  'one that has begun before one that has not': [
    [
      { use: 'official', text: 'Next year', period: { start: '2027' } },
      { use: 'temp', text: 'Now' },
    ],
    'Now',
  ],
  'a former one where there is no other': [[{ use: 'old', text: 'Former' }], 'Former'],
  'the first of equals': [[{ text: 'First' }, { text: 'Second' }], 'First'],
  'nothing for nobody': [[], undefined],
  'nothing where nothing is said': [[{ use: 'official' }], undefined],
};
for (const [rule, [names, shown]] of Object.entries(NAMES)) {
  test(`a name: ${rule}`, () => assert.equal(nameText(names, AT), shown));
}

const phone = (value: string, more: Partial<ContactPoint> = {}): ContactPoint => ({ system: 'phone', value, ...more });
const PHONES: Readonly<Record<string, readonly [readonly ContactPoint[], string | undefined]>> = {
  'a mobile one before one at home, and that before one at work': [
    [phone('work', { use: 'work' }), phone('home', { use: 'home' }), phone('mobile', { use: 'mobile' })],
    'mobile',
  ],
  'the one of the first rank, whatever its use': [
    [phone('mobile', { use: 'mobile', rank: 2 }), phone('work', { use: 'work', rank: 1 }), phone('home')],
    'work',
  ],
  'never a former one': [[phone('old', { use: 'old' }), phone('ended', { period: { end: '2026-06-14' } })], undefined],
  'one that ends today': [[phone('today', { period: { end: '2026-06-15' } })], 'today'],
  'one of a year that is not over': [[phone('year', { period: { start: '2026', end: '2026' } })], 'year'],
  'none whose end has passed in its own time zone': [
    [phone('zone', { period: { end: '2026-06-15T13:00:00+02:00' } })],
    undefined,
  ],
  'none that is an e-mail address': [[{ system: 'email', value: 'a@example.org' }], undefined],
};
for (const [rule, [contacts, shown]] of Object.entries(PHONES)) {
  test(`a telephone number: ${rule}`, () => assert.equal(currentContact(contacts, 'phone', AT)?.value, shown));
}

const ADDRESSES: Readonly<Record<string, readonly [readonly Address[], string | undefined]>> = {
  'home before others': [
    [
      { use: 'billing', city: 'B' },
      { use: 'home', city: 'H' },
    ],
    'H',
  ],
  'a place before a post-office box': [
    [
      { use: 'home', type: 'postal', city: 'Box' },
      { use: 'temp', type: 'physical', city: 'Place' },
    ],
    'Place',
  ],
  'never a former one': [
    [
      { use: 'old', city: 'Old' },
      { use: 'home', city: 'Ended', period: { end: '2019' } },
    ],
    undefined,
  ],
};
for (const [rule, [addresses, shown]] of Object.entries(ADDRESSES)) {
  test(`an address: ${rule}`, () => assert.equal(currentAddress(addresses, AT)?.city, shown));
}

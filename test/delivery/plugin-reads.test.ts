// What a plugin may read: its scopes hold for everything a search asks about or brings along.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { pluginAuthority, readsFor } from '#delivery/services.ts';
import type { Refusal } from '#kit/errors.ts';
import { ScopeSet } from '#kit/scopes.ts';
import { PLUGIN_SCOPES, SDK_MARKS } from '../../docs/pages/permissions.ts';
import { startCore, type TestCore } from '../support/core.ts';

/** Answers each Basic about its patient with what the read or the search of its text came to. */
const SOURCE = `
import { BaseProtocol } from 'chartwire/sdk';
export class Ask extends BaseProtocol {
  static RESPONDS_TO = 'BASIC_CREATED';
  async compute() {
    const asked = this.event.context.record.code.text;
    const at = asked.search(/[/?]/);
    const [type, rest] = [asked.slice(0, at), asked.slice(at + 1)];
    try {
      const found = asked.includes('?') ? await this.data.search(type, rest) : [await this.data.read(type, rest)];
      this.log.info(found.map((one) => one && one.id).join(' '));
    } catch (error) {
      this.log.info(error.code);
    }
    return [];
  }
}`;

const HIV = { system: 'http://snomed.info/sct', code: '86406008' };
const subject = (id: string) => ({ reference: `Patient/${id}` });
const RECORDS = [
  { resourceType: 'Patient', id: 'ana', name: [{ family: 'Silva' }] },
  { resourceType: 'Patient', id: 'ben', name: [{ family: 'Okoro' }] },
  { resourceType: 'Condition', id: 'hiv', subject: subject('ben'), code: { coding: [HIV] } },
  { resourceType: 'Condition', id: 'own', subject: subject('ana'), code: { coding: [HIV] } },
  { resourceType: 'Practitioner', id: 'doc', name: [{ family: 'Grey' }] },
  { resourceType: 'Encounter', id: 'visit', status: 'finished', class: { code: 'AMB' }, subject: subject('ana') },
  { resourceType: 'DocumentReference', id: 'fax', status: 'current', content: [{ attachment: { title: 'HIV test' } }] },
  {
    resourceType: 'DocumentReference',
    id: 'anas',
    status: 'current',
    subject: subject('ana'),
    content: [{ attachment: { title: 'Letter' } }],
  },
] as unknown as Resource[];

const asksOfCondition = 'Patient?_has:Condition:subject:code=http://snomed.info/sct|86406008';

/** Scopes, what is read or searched for, and what came of it. */
const CASES: readonly (readonly [scopes: string[], asked: string, answer: string])[] = [
  [['system/Patient.rs'], asksOfCondition, 'host.forbidden'],
  [['system/Patient.rs', 'patient/Condition.rs'], asksOfCondition, 'host.forbidden'],
  [['system/Patient.rs', 'system/Condition.r'], asksOfCondition, 'host.forbidden'],
  [['system/Patient.rs', 'system/Condition.s'], `${asksOfCondition}&_sort=_id`, 'ana ben'],
  [['patient/Patient.rs', 'system/Condition.s'], asksOfCondition, 'ana'],
  [['system/Condition.rs'], 'Condition?subject:Patient.name=Okoro', 'host.forbidden'],
  [['system/Condition.rs'], 'Condition?subject.name=Okoro', 'host.forbidden'],
  [['system/Condition.rs', 'patient/Patient.rs'], 'Condition?patient.name=Okoro', 'host.forbidden'],
  [['system/Condition.rs', 'system/Patient.s'], 'Condition?patient.name=Okoro', 'hiv'],
  [['patient/Condition.rs', 'system/Patient.s'], 'Condition?patient.name=Okoro', ''],
  [['patient/Condition.rs'], 'Condition?code=86406008', 'own'],
  [['patient/Condition.rs'], 'Condition/hiv', 'host.forbidden'],
  [['patient/DocumentReference.r'], 'DocumentReference/fax', 'host.forbidden'],
  [['system/DocumentReference.r'], 'DocumentReference/fax', 'fax'],
  [['patient/DocumentReference.rs'], 'DocumentReference/anas', 'anas'],
  [['patient/DocumentReference.rs'], 'DocumentReference?_sort=_id', 'anas'],
  [['patient/Practitioner.r'], 'Practitioner/doc', 'doc'],
  [['patient/Practitioner.s'], 'Practitioner?name=Grey', 'doc'],
  [['patient/Practitioner.s'], 'Practitioner/doc', 'host.forbidden'],
  [['patient/*.rs'], 'Practitioner/doc', 'host.forbidden'],
  [['patient/*.rs'], 'Practitioner?name=Grey', ''],
];

const READS: Readonly<Record<string, string>> = {
  'read a Condition': 'Condition/own',
  'search Conditions': 'Condition?code=86406008',
  'search Conditions by a chain': 'Condition?subject:Patient.name=Silva',
  'search Patients by _has': asksOfCondition,
  'search Conditions with _include': 'Condition?code=86406008&_include=Condition:subject',
  'read a Practitioner': 'Practitioner/doc',
  'read a document of nobody': 'DocumentReference/fax',
};

describe('a plugin', () => {
  let core: TestCore;
  before(async () => {
    core = await startCore();
    await core.create(...RECORDS);
  });
  after(() => core.end());

  for (const [read, marks] of Object.entries(SDK_MARKS)) {
    test(`is allowed to ${read} as docs/catalogue/permissions.md says`, async () => {
      const asked = READS[read]!;
      const at = asked.search(/[/?]/);
      const [type, rest] = [asked.slice(0, at), asked.slice(at + 1)];
      const sees = async (scopes: string, patient: string): Promise<boolean> => {
        const authority = pluginAuthority(new ScopeSet(scopes === 'none' ? [] : [scopes]), patient);
        const reads = readsFor(core.chart, core.audit, {
          actor: { type: 'plugin', id: 'reads' },
          source: 'effect',
          authority,
        });
        try {
          const found = asked.includes('?') ? await reads.search(type, rest) : [await reads.read(type, rest)];
          return found.some((one) => ['own', 'ana', 'doc', 'fax'].includes(one?.id ?? ''));
        } catch (error) {
          assert.equal((error as Refusal).code, 'host.forbidden');
          return false;
        }
      };
      const observed: string[] = [];
      for (const scopes of PLUGIN_SCOPES) {
        if (await sees(scopes, 'ben')) observed.push('+');
        else observed.push((await sees(scopes, 'ana')) ? 'o' : '-');
      }
      assert.equal(observed.join(''), marks);
    });
  }

  for (const [index, [scopes, asked, answer]] of CASES.entries()) {
    test(`with ${scopes.join(' ')} asks for ${asked}: ${answer || 'nothing'}`, async () => {
      const name = `asks-${index}`;
      await core.install({ name, source: SOURCE, scopes });
      await core.create({ resourceType: 'Basic', code: { text: asked }, subject: subject('ana') } as Resource);
      await core.settled();
      const { items } = await core.plugins.logs(name, { limit: 1 });
      await core.plugins.remove(name);
      assert.equal(items[0]?.message, answer);
    });
  }
});

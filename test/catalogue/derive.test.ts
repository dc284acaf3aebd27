// Which events follow from a record's change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Appointment,
  ClinicalImpression,
  DiagnosticReport,
  Immunization,
  Observation,
  Task,
} from '@medplum/fhirtypes';
import { changedPaths, deriveEvents } from '#events/derive.ts';
import { EXTENSION, TASK_LABEL } from '#kit/systems.ts';
import type { R4Resource } from '#records/resource-types.ts';

const names = (before: R4Resource | null, after: R4Resource | null): string[] =>
  deriveEvents({ before, after }).map(({ type }) => type);

const task: Task = { resourceType: 'Task', id: 't', status: 'requested', intent: 'order' };
const appointment: Appointment = {
  resourceType: 'Appointment',
  id: 'a',
  status: 'booked',
  participant: [{ status: 'accepted' }],
};
const report = (...codes: string[]): DiagnosticReport => ({
  resourceType: 'DiagnosticReport',
  id: 'r',
  status: 'final',
  code: { text: 'report' },
  category: codes.map((code) => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code }] })),
});
const vital = (rest: Partial<Observation>): Observation => ({
  resourceType: 'Observation',
  id: 'o',
  status: 'final',
  code: { text: 'vital' },
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
  ],
  ...rest,
});

test('a record is created, updated and deleted under the name of its kind', () => {
  assert.deepEqual(names(null, task), ['TASK_CREATED']);
  assert.deepEqual(names(task, { ...task, status: 'completed' }), ['TASK_UPDATED']);
  assert.deepEqual(names(task, null), ['TASK_DELETED']);
  assert.deepEqual(deriveEvents({ before: null, after: task }), [
    { type: 'TASK_CREATED', target: { type: 'Task', id: 't' } },
  ]);
});

test('a diagnostic report is a lab report, an imaging report or neither, by its category', () => {
  for (const code of ['LAB', 'CH', 'HM', 'MB', 'SR'])
    assert.deepEqual(names(null, report(code)), ['LAB_REPORT_CREATED']);
  for (const code of ['RAD', 'CT', 'NMR', 'XRC']) {
    assert.deepEqual(names(null, report(code)), ['IMAGING_REPORT_CREATED']);
  }
  for (const code of ['PT', 'OTH', 'EC']) assert.deepEqual(names(null, report(code)), ['DIAGNOSTIC_REPORT_CREATED']);
  assert.deepEqual(names(null, report()), ['DIAGNOSTIC_REPORT_CREATED']);
});

test('words decide only where there is no code', () => {
  const worded = { ...report(), category: [{ text: 'Laboratory' }] };
  assert.deepEqual(names(null, worded), ['LAB_REPORT_CREATED']);
  const coded = report('RAD');
  coded.category![0]!.text = 'Laboratory';
  assert.deepEqual(names(null, coded), ['IMAGING_REPORT_CREATED']);
});

test('a record that changes its kind is updated as what it is now', () => {
  assert.deepEqual(names(report(), report('LAB')), ['LAB_REPORT_UPDATED']);
  assert.deepEqual(names(report('LAB'), report()), ['DIAGNOSTIC_REPORT_UPDATED']);
});

test('an immunization reported by another source is a statement', () => {
  const given: Immunization = {
    resourceType: 'Immunization',
    id: 'i',
    status: 'completed',
    vaccineCode: { text: 'flu' },
    patient: { reference: 'Patient/p' },
  };
  assert.deepEqual(names(null, given), ['IMMUNIZATION_CREATED']);
  assert.deepEqual(names(null, { ...given, primarySource: true }), ['IMMUNIZATION_CREATED']);
  assert.deepEqual(names(null, { ...given, primarySource: false }), ['IMMUNIZATION_STATEMENT_CREATED']);
});

test('a reading is a vital sign, the panel that groups readings is not', () => {
  assert.deepEqual(names(null, vital({ valueQuantity: { value: 98 } })), ['VITAL_SIGN_CREATED']);
  assert.deepEqual(names(null, vital({ component: [{ code: { text: 'systolic' } }] })), ['VITAL_SIGN_CREATED']);
  assert.deepEqual(names(null, vital({ hasMember: [{ reference: 'Observation/1' }] })), ['OBSERVATION_CREATED']);
});

test('an appointment that is called off, kept, missed or restored says so once', () => {
  const to = (before: Appointment['status'], after: Appointment['status']) =>
    names({ ...appointment, status: before }, { ...appointment, status: after }).slice(1);
  assert.deepEqual(to('booked', 'cancelled'), ['APPOINTMENT_CANCELED']);
  assert.deepEqual(to('booked', 'arrived'), ['APPOINTMENT_CHECKED_IN']);
  assert.deepEqual(to('booked', 'checked-in'), ['APPOINTMENT_CHECKED_IN']);
  assert.deepEqual(to('arrived', 'checked-in'), []);
  assert.deepEqual(to('booked', 'noshow'), ['APPOINTMENT_NO_SHOWED']);
  assert.deepEqual(to('cancelled', 'booked'), ['APPOINTMENT_RESTORED']);
  assert.deepEqual(to('cancelled', 'entered-in-error'), []);
  assert.deepEqual(to('cancelled', 'noshow'), ['APPOINTMENT_NO_SHOWED']);
});

test('a record written for the first time in some state has made no transition to it', () => {
  assert.deepEqual(names(null, { ...appointment, status: 'cancelled' }), ['APPOINTMENT_CREATED']);
});

test('of a rescheduled appointment the new one is RESCHEDULED and the old one is not CANCELED', () => {
  const next: Appointment = {
    ...appointment,
    id: 'b',
    extension: [{ url: EXTENSION.rescheduledFrom, valueReference: { reference: 'Appointment/a' } }],
  };
  assert.deepEqual(deriveEvents({ before: null, after: next }), [
    { type: 'APPOINTMENT_CREATED', target: { type: 'Appointment', id: 'b' } },
    {
      type: 'APPOINTMENT_RESCHEDULED',
      target: { type: 'Appointment', id: 'b' },
      context: { rescheduledFrom: { type: 'Appointment', id: 'a' } },
    },
  ]);
  const old: Appointment = {
    ...appointment,
    status: 'cancelled',
    extension: [{ url: EXTENSION.rescheduledTo, valueReference: { reference: 'Appointment/b' } }],
  };
  assert.deepEqual(names(appointment, old), ['APPOINTMENT_UPDATED']);
  assert.deepEqual(names(next, { ...next, status: 'arrived' }), ['APPOINTMENT_UPDATED', 'APPOINTMENT_CHECKED_IN']);
});

test('a completed clinical impression assesses each condition it is about', () => {
  const impression: ClinicalImpression = {
    resourceType: 'ClinicalImpression',
    id: 'ci',
    status: 'completed',
    subject: { reference: 'Patient/p' },
    problem: [
      { reference: 'Condition/c1' },
      { reference: 'AllergyIntolerance/x' } as NonNullable<ClinicalImpression['problem']>[number],
      { reference: 'Condition/c2' },
    ],
  };
  const draft: ClinicalImpression = { ...impression, status: 'in-progress' };
  assert.deepEqual(
    deriveEvents({ before: null, after: impression }).map(({ type, target }) => `${type} ${target.type}/${target.id}`),
    [
      'CLINICAL_IMPRESSION_CREATED ClinicalImpression/ci',
      'CONDITION_ASSESSED Condition/c1',
      'CONDITION_ASSESSED Condition/c2',
    ],
  );
  assert.deepEqual(names(null, draft), ['CLINICAL_IMPRESSION_CREATED']);
  assert.deepEqual(names(draft, impression).slice(1), ['CONDITION_ASSESSED', 'CONDITION_ASSESSED']);
  assert.deepEqual(names(impression, { ...impression, summary: 'stable' }), ['CLINICAL_IMPRESSION_UPDATED']);
});

test('a condition that becomes resolved is RESOLVED', () => {
  const condition = (code: string): R4Resource => ({
    resourceType: 'Condition',
    id: 'c',
    subject: { reference: 'Patient/p' },
    clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }] },
  });
  assert.deepEqual(names(condition('active'), condition('resolved')), ['CONDITION_UPDATED', 'CONDITION_RESOLVED']);
  assert.deepEqual(names(condition('resolved'), condition('active')), ['CONDITION_UPDATED']);
});

test('each new comment of a task is told by itself, an edited one is not', () => {
  const first = { id: 'n1', text: 'one', authorString: 'a', time: '2026-01-01T00:00:00Z' };
  const before: Task = { ...task, note: [first] };
  const after: Task = {
    ...task,
    note: [
      { ...first, text: 'edited' },
      { id: 'n2', text: 'two' },
    ],
  };
  assert.deepEqual(deriveEvents({ before, after }).slice(1), [
    {
      type: 'TASK_COMMENT_CREATED',
      target: { type: 'TaskComment', id: 'n2' },
      context: { comment: { id: 'n2', text: 'two', author: undefined, time: undefined } },
    },
  ]);
  assert.deepEqual(names(null, before), ['TASK_CREATED', 'TASK_COMMENT_CREATED']);
  assert.deepEqual(names(before, { ...before, note: [] }), ['TASK_UPDATED']);
});

test('labels are adjusted when the set of them differs, whatever their order', () => {
  const labelled = (...codes: string[]): Task => ({
    ...task,
    meta: { tag: [{ system: 'http://other', code: 'x' }, ...codes.map((code) => ({ system: TASK_LABEL, code }))] },
  });
  assert.deepEqual(deriveEvents({ before: labelled('a', 'b'), after: labelled('b', 'c') }).slice(1), [
    {
      type: 'TASK_LABELS_ADJUSTED',
      target: { type: 'Task', id: 't' },
      context: { labels: { before: ['a', 'b'], after: ['b', 'c'] } },
    },
  ]);
  assert.deepEqual(names(labelled('a', 'b'), labelled('b', 'a')), ['TASK_UPDATED']);
  assert.deepEqual(names(null, labelled('a')), ['TASK_CREATED', 'TASK_LABELS_ADJUSTED']);
  assert.deepEqual(names(labelled('a'), null), ['TASK_DELETED']);
});

test('a write that alters only version and time is no change', () => {
  const meta = (versionId: string): Task => ({
    ...task,
    meta: { versionId, lastUpdated: `2026-01-0${versionId}T00:00:00Z` },
  });
  assert.deepEqual(changedPaths(meta('1'), meta('2')), []);
  assert.deepEqual(changedPaths(task, meta('1')), []);
  assert.deepEqual(changedPaths(meta('1'), { ...meta('2'), meta: { ...meta('2').meta, tag: [{ code: 'x' }] } }), [
    'Task.meta.tag',
  ]);
});

test('changed paths name the outermost element that differs', () => {
  const before: Task = { ...task, note: [{ id: 'n1', text: 'one' }], for: { reference: 'Patient/p' } };
  const after: Task = { ...task, status: 'completed', note: [{ id: 'n1', text: 'ONE' }, { text: 'two' }] };
  assert.deepEqual(changedPaths(before, after), ['Task.status', 'Task.note[0].text', 'Task.note[1]', 'Task.for']);
  assert.deepEqual(changedPaths(null, task), ['Task']);
  assert.deepEqual(changedPaths(task, null), ['Task']);
});

test('the extensions of a primitive change the primitive', () => {
  const patient = (rest: object): R4Resource => ({ resourceType: 'Patient', id: 'p', ...rest });
  assert.deepEqual(changedPaths(patient({ birthDate: '1970-01-01' }), patient({ _birthDate: { id: 'x' } })), [
    'Patient.birthDate',
  ]);
});

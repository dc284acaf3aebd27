// The demo patients: valid, repeatable, connected, and never older than the day they are made.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bundle, Observation, Patient, Resource } from '@medplum/fhirtypes';
import { demoBundles } from '#demo/index.ts';
import { parseReference } from '#kit/ids.ts';
import { movedTo } from '#demo/time-zone.ts';
import { validate } from '#r4/validate.ts';

// A Wednesday, a Sunday, the last day of a long month, a leap day: the stories must hold on all of them.
const DAYS = ['2026-03-11', '2026-08-16', '2026-12-31', '2028-02-29'].map((day) => new Date(`${day}T12:00:00`));
const ALL = DAYS.map((today) => ({ today, bundles: demoBundles({ seed: 7, today }) }));

test('the same seed and day give the same bundles, another seed other ids', () => {
  const today = DAYS[0]!;
  const first = JSON.stringify(demoBundles({ seed: 7, today }));
  assert.equal(JSON.stringify(demoBundles({ seed: 7, today })), first);
  const mine = new Set(ids(demoBundles({ seed: 7, today })));
  assert.deepEqual(
    ids(demoBundles({ seed: 8, today })).filter((id) => mine.has(id)),
    [],
  );
});

test('visits are by day in the time zone of the practice, wherever the machine is', () => {
  const zone = 'Asia/Kathmandu';
  for (const { bundles } of ALL) {
    const starts = bundles.flatMap((bundle) => of(movedTo(zone, bundle), 'Appointment')).map(({ start }) => start!);
    assert.ok(starts.length > 10);
    for (const start of starts) {
      const hour = Number(
        new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(new Date(start)),
      );
      assert.ok(hour >= 7 && hour < 19, `${start} is at ${hour} there`);
    }
  }
});

test('ids do not depend on the day, so a later load updates instead of adding', () => {
  const [first, second] = [DAYS[0]!, new Date('2026-03-12T12:00:00')];
  const earlier = new Set(ids(demoBundles({ seed: 7, today: first })).filter(stable));
  const later = ids(demoBundles({ seed: 7, today: second })).filter(stable);
  assert.deepEqual(
    later.filter((id) => !earlier.has(id)),
    [],
  );
});

test('there are a practice and a dozen patients from infancy to old age, each with a chart worth opening', () => {
  for (const { today, bundles } of ALL) {
    const [practice, ...charts] = bundles;
    assert.equal(charts.length, 12);
    assert.equal(of(practice!, 'Practitioner').length, 3);
    const ages = charts.map((chart) => today.getFullYear() - Number(patientOf(chart).birthDate!.slice(0, 4)));
    assert.ok(Math.min(...ages) <= 1 && Math.max(...ages) >= 88, `ages ${ages}`);
    for (const chart of charts) {
      const size = resources(chart).length;
      assert.ok(size >= 30 && size <= 160, `${size} records`);
      for (const type of [
        'Condition',
        'AllergyIntolerance',
        'Immunization',
        'Encounter',
        'Coverage',
        'Consent',
        'Task',
      ] as const) {
        assert.ok(of(chart, type).length > 0, `a chart without ${type}`);
      }
    }
  }
});

test('every record and every bundle is valid R4', () => {
  for (const { bundles } of ALL) {
    for (const bundle of bundles) {
      assert.deepEqual(validate(bundle), []);
      for (const resource of resources(bundle)) assert.deepEqual(validate(resource), [], resource.resourceType);
    }
  }
});

test('every reference leads to a record of its own bundle or of the practice', () => {
  for (const { bundles } of ALL) {
    const practice = new Set(names(bundles[0]!));
    for (const bundle of bundles) {
      const known = new Set([...practice, ...names(bundle)]);
      assert.equal(names(bundle).length, new Set(names(bundle)).size, 'two records share an id');
      const dangling = references(bundle).filter((reference) => !known.has(reference));
      assert.deepEqual(dangling, []);
    }
  }
});

test('nothing has happened before birth or will have happened tomorrow', () => {
  for (const { today, bundles } of ALL) {
    const tomorrow = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1).toISOString();
    for (const chart of bundles.slice(1)) {
      const birth = patientOf(chart).birthDate!;
      for (const resource of resources(chart)) {
        for (const when of happened(resource)) {
          assert.ok(when >= birth, `${resource.resourceType} at ${when}, birth ${birth}`);
          assert.ok(when < tomorrow, `${resource.resourceType} at ${when}, today ${today.toISOString()}`);
        }
      }
    }
  }
});

test('a laboratory value is flagged as its reference range says', () => {
  let flagged = 0;
  for (const { bundles } of ALL) {
    for (const result of bundles.flatMap((bundle) => of(bundle, 'Observation')).filter(isLaboratoryNumber)) {
      const { low, high } = result.referenceRange![0]!;
      const value = result.valueQuantity!.value!;
      const expected = value < (low?.value ?? -Infinity) ? 'L' : value > (high?.value ?? Infinity) ? 'H' : 'N';
      assert.equal(result.interpretation![0]!.coding![0]!.code, expected);
      if (expected !== 'N') flagged++;
    }
  }
  assert.ok(flagged > 0);
});

test('somebody is expected today, somebody is here, and work is waiting', () => {
  for (const { today, bundles } of ALL) {
    const appointments = bundles.flatMap((bundle) => of(bundle, 'Appointment'));
    const todays = appointments.filter(({ start }) => new Date(start!).toDateString() === today.toDateString());
    assert.ok(todays.length >= 5);
    for (const status of ['booked', 'arrived', 'checked-in'] as const)
      assert.ok(
        todays.some((one) => one.status === status),
        status,
      );
    for (const status of ['cancelled', 'noshow', 'fulfilled'] as const)
      assert.ok(
        appointments.some((one) => one.status === status),
        status,
      );
    const tasks = bundles.flatMap((bundle) => of(bundle, 'Task'));
    assert.ok(tasks.some(({ note, meta }) => note?.length && meta?.tag?.length));
  }
});

test('nobody real can be called or written to', () => {
  for (const { bundles } of ALL.slice(0, 1)) {
    const text = JSON.stringify(bundles);
    const telecoms = [...text.matchAll(/"system":"(phone|email)","value":"([^"]+)"/g)];
    assert.ok(telecoms.length > 20);
    for (const [, system, value] of telecoms) {
      if (system === 'phone') assert.match(value!, /^\+1 740 555 01\d\d$/);
      else assert.match(value!, /@(riverbend\.)?example\.org$/);
    }
  }
});

function resources(bundle: Bundle): Resource[] {
  return bundle.entry!.map(({ resource }) => resource!);
}

function of<T extends Resource['resourceType']>(bundle: Bundle, type: T): Extract<Resource, { resourceType: T }>[] {
  return resources(bundle).filter((one): one is Extract<Resource, { resourceType: T }> => one.resourceType === type);
}

function patientOf(chart: Bundle): Patient {
  return of(chart, 'Patient')[0]!;
}

function names(bundle: Bundle): string[] {
  return resources(bundle).map(({ resourceType, id }) => `${resourceType}/${id}`);
}

function ids(bundles: readonly Bundle[]): string[] {
  return bundles.flatMap(names);
}

/** Vaccines are named by their day: flu shots belong to an autumn, not to a story. */
function stable(name: string): boolean {
  return !name.startsWith('Immunization/');
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== 'reference' || typeof inner !== 'string') return references(inner);
    assert.ok(parseReference(inner), inner);
    return [inner];
  });
}

function isLaboratoryNumber(observation: Observation): boolean {
  return observation.valueQuantity !== undefined && observation.referenceRange !== undefined;
}

const HAPPENED = [
  'effectiveDateTime',
  'issued',
  'authoredOn',
  'recordedDate',
  'onsetDateTime',
  'abatementDateTime',
  'occurrenceDateTime',
  'dateAsserted',
  'created',
  'startDate',
];

/** The times of a record that lie in the past of whoever wrote it. A ServiceRequest's occurrence may be to come. */
function happened(resource: Resource): string[] {
  const fields = Object.entries(resource).filter(
    ([key, value]) =>
      HAPPENED.includes(key) &&
      typeof value === 'string' &&
      !(resource.resourceType === 'ServiceRequest' && key === 'occurrenceDateTime'),
  );
  return fields.map(([, value]) => value as string);
}

// Chartwire's own authority is for its own work: each file that uses it is listed here, with the reason.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patientOf } from '#r4/search-index.ts';
import { searchParametersOf } from '#r4/search-parameters.ts';
import { SHARED_TYPES } from '#records/shared-types.ts';
import { SOURCES } from './sources.ts';

const ALLOWED: Readonly<Record<string, string>> = {
  'app.ts': 'who the first user is',
  'chart/questionnaires/keep.ts': 'the questionnaires that ship, and those of plugins',
  'delivery/clock.ts': 'the minute',
  'delivery/engine.ts': 'the end of deliveries',
  'delivery/own-events.ts': 'what becomes of plugins',
  'demo/load.ts': 'the demo',
};

test('only the files listed here read and write on the authority of the system', () => {
  const using = SOURCES.filter(({ name }) => name !== 'kit/authority.ts').filter(({ text }) =>
    /\bSYSTEM\b[^;]*from '[^']*\bkit\/authority(\.ts)?'/.test(text),
  );
  assert.deepEqual(using.map(({ name }) => name).toSorted(), Object.keys(ALLOWED).toSorted());
});

test('nothing outside chart/ and kit/ asks what scopes allow of records', () => {
  const asking = SOURCES.filter(({ name }) => name.endsWith('.ts') && !/^(chart|kit)\//.test(name))
    .filter(({ text }) => /\.(reach|allows)\(/.test(text))
    .map(({ name }) => name);
  assert.deepEqual(asking.toSorted(), DOORS.toSorted());
});

/** What is no record's: the log of events, which crosses every chart. */
const DOORS = ['server/route.ts'];

test('a record of a shared type is in no chart', () => {
  for (const type of SHARED_TYPES) {
    const aboutPatients = searchParametersOf(type).filter(
      ({ type: kind, target, code }) =>
        kind === 'reference' && target?.includes('Patient') && /^(patient|subject)$/.test(code),
    );
    assert.deepEqual(aboutPatients, [], type);
    const reference = { reference: 'Patient/1' };
    assert.equal(patientOf({ resourceType: type, patient: reference, subject: reference } as never), null, type);
  }
});

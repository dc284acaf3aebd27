// A practice on a database of its own, where commands are written and committed as the doors do it: two patients, a
// clinician, and what a command may name of them.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import { SILENT_BUS } from '#chart/bus.ts';
import { CHECKS } from '#chart/checks/index.ts';
import { createChart } from '#chart/chart.ts';
import { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { createNote } from '#chart/notes.ts';
import type { CommandKey } from '#commands/index.ts';
import { SYSTEM } from '#kit/authority.ts';
import { ICD10CM, RXNORM } from '#kit/systems.ts';
import { isResource } from '#records/chart-record.ts';
import type { CommandEntry } from '#records/command-entry.ts';
import { openStore } from '#store/postgres.ts';
import { freshDatabase } from '../support/database.ts';
import { seenIn } from '../support/seen.ts';

export const NOW = '2026-08-23T10:00:00.000Z';
export const TODAY = '2026-08-23';
export const P1 = { reference: 'Patient/p1' };
export const VISIT = { reference: 'Encounter/e1' };
export const DOCTOR = { reference: 'Practitioner/d1' };
const P2 = { reference: 'Patient/p2' };
const ORIGIN: Origin = { actor: { type: 'user', id: 'u1', practitioner: 'd1' }, source: 'api', authority: SYSTEM };

const active = (name: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${name}`, code: 'active' }],
});
const drug = { coding: [{ system: RXNORM, code: '314076', display: 'lisinopril 10 MG Oral Tablet' }] };

const RECORDS: readonly (Resource & { id: string })[] = [
  { resourceType: 'Patient', id: 'p1', birthDate: '1970-05-01' },
  { resourceType: 'Patient', id: 'p2' },
  { resourceType: 'Patient', id: 'infant', birthDate: '2025-02-01' },
  { resourceType: 'Practitioner', id: 'd1' },
  { resourceType: 'Practitioner', id: 'd2' },
  { resourceType: 'CareTeam', id: 'nurses' },
  { resourceType: 'Organization', id: 'pharmacy', name: 'Corner Pharmacy' },
  { resourceType: 'Organization', id: 'lab', name: 'Lab' },
  { resourceType: 'HealthcareService', id: 'cardiology' },
  {
    resourceType: 'Encounter',
    id: 'e1',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: P1,
  },
  {
    resourceType: 'Condition',
    id: 'asthma',
    clinicalStatus: active('condition-clinical'),
    code: { coding: [{ system: ICD10CM, code: 'J45.909' }], text: 'Asthma' },
    subject: P1,
    note: [{ text: 'since childhood' }],
  },
  {
    resourceType: 'Condition',
    id: 'resolved',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'resolved' }],
    },
    subject: P1,
  },
  {
    resourceType: 'Condition',
    id: 'mistake',
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' }],
    },
    subject: P1,
  },
  { resourceType: 'Condition', id: 'foreign', clinicalStatus: active('condition-clinical'), subject: P2 },
  {
    resourceType: 'Goal',
    id: 'walk',
    lifecycleStatus: 'active',
    subject: P1,
    description: { text: 'Walk' },
    startDate: '2026-06-01',
    target: [{ measure: { text: 'Distance' }, detailString: 'a mile' }],
  },
  { resourceType: 'Goal', id: 'closed', lifecycleStatus: 'completed', subject: P1, description: { text: 'Run' } },
  { resourceType: 'Goal', id: 'foreign', lifecycleStatus: 'active', subject: P2, description: { text: 'Swim' } },
  {
    resourceType: 'MedicationRequest',
    id: 'order',
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: drug,
    subject: P1,
  },
  {
    resourceType: 'MedicationStatement',
    id: 'lisinopril',
    status: 'active',
    medicationCodeableConcept: drug,
    subject: P1,
    effectiveDateTime: '2026-01-01',
    derivedFrom: [{ reference: 'MedicationRequest/order' }],
  },
  {
    resourceType: 'MedicationStatement',
    id: 'planned',
    status: 'intended',
    medicationCodeableConcept: drug,
    subject: P1,
    effectivePeriod: { start: '2026-10-01' },
  },
  {
    resourceType: 'MedicationStatement',
    id: 'ended',
    status: 'stopped',
    medicationCodeableConcept: drug,
    subject: P1,
  },
  {
    resourceType: 'MedicationStatement',
    id: 'foreign',
    status: 'active',
    medicationCodeableConcept: drug,
    subject: P2,
  },
  { resourceType: 'Medication', id: 'mouthwash', status: 'active', code: { text: 'Magic mouthwash' } },
  { resourceType: 'Medication', id: 'withdrawn', status: 'inactive' },
  {
    resourceType: 'AllergyIntolerance',
    id: 'penicillin',
    clinicalStatus: active('allergyintolerance-clinical'),
    code: { text: 'Penicillin' },
    patient: P1,
  },
  {
    resourceType: 'AllergyIntolerance',
    id: 'outgrown',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'inactive' }],
    },
    code: { text: 'Milk' },
    patient: P1,
  },
];

/** What a commit came to: the records it wrote, in order, and the events that follow from them. */
export interface Outcome {
  readonly entry: CommandEntry;
  readonly records: readonly Resource[];
  readonly events: readonly string[];
}

export class Practice {
  readonly #chart: Chart;
  readonly #commands: Commands;
  readonly #note: string;
  readonly close: () => Promise<void>;

  constructor(chart: Chart, commands: Commands, note: string, close: () => Promise<void>) {
    this.#chart = chart;
    this.#commands = commands;
    this.#note = note;
    this.close = close;
  }

  /** @param more records beside those of every practice. */
  static async open(more: readonly (Resource & { id: string })[] = []): Promise<Practice> {
    const database = await freshDatabase();
    const store = await openStore(database.connection);
    const chart = createChart({ store, now: () => Date.parse(NOW) });
    // The options of these tests are whole, so no code system is asked.
    const terms = { lookup: async () => undefined, search: async () => [], noteUse: async () => {} };
    // What is tested is what a commit writes, many a time for one patient; the checks have tests of their own.
    const checksOff = async () => new Set(CHECKS.map(({ name }) => name));
    const commands = new Commands({ store, bus: SILENT_BUS, terms, checksOff });
    const { result: note } = await chart.withChart(ORIGIN, async (draft) => {
      for (const record of [...RECORDS, ...more]) draft.create(record);
      return createNote(draft, ORIGIN, { patient: 'p1', encounter: 'e1' });
    });
    return new Practice(chart, commands, note.id, async () => {
      await store.close();
      await database.drop();
    });
  }

  async commit(command: CommandKey, fields: object, note = this.#note): Promise<Outcome> {
    const { result, written } = await this.#chart.withChart(ORIGIN, (draft) =>
      this.#commands.originate(draft, ORIGIN, { note, command, fields: { ...fields }, commit: true }),
    );
    return { entry: result, ...recordsAndEvents(written) };
  }

  async enterInError({ entry }: Outcome): Promise<Pick<Outcome, 'records' | 'events'>> {
    const { written } = await this.#chart.withChart(ORIGIN, (draft) =>
      this.#commands.enterInError(draft, ORIGIN, entry.id),
    );
    return recordsAndEvents(written);
  }

  /** A note for the chart of another patient, or without a visit. */
  async noteOf(patient: string, type = 'visit'): Promise<string> {
    const { result } = await this.#chart.withChart(ORIGIN, (draft) => createNote(draft, ORIGIN, { patient, type }));
    return result.id;
  }

  async current(reference: string): Promise<Resource | undefined> {
    const [type, id] = reference.split('/') as [ResourceType, string];
    return (await seenIn(this.#chart).current(type, id))?.record;
  }
}

function recordsAndEvents({ versions, events }: Awaited<ReturnType<Chart['withChart']>>['written']) {
  const isOfEntry = (type: string): boolean => type.startsWith('NOTE_') || type.includes('COMMAND_');
  return {
    records: versions.flatMap(({ record }) => (isResource(record) ? [record] : [])),
    events: events.map(({ type }) => type).filter((type) => !isOfEntry(type)),
  };
}

// Stop Medication: the patient no longer takes a medication.

import type { CodeableConcept, MedicationStatement, Period } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { parseReference } from '#kit/ids.ts';
import { firstDay } from '#kit/partial-date.ts';
import { Option, text } from '#kit/schema.ts';

const TAKEN: ReadonlySet<string> = new Set(['active', 'intended', 'on-hold', 'unknown']);

/** The pharmacy must stop dispensing it. */
async function stopPrescriptions(
  desk: CommandDesk,
  { basedOn = [], derivedFrom = [] }: MedicationStatement,
  statusReason: CodeableConcept | undefined,
): Promise<void> {
  const named = [...basedOn, ...derivedFrom].map(({ reference }) => parseReference(reference));
  for (const id of new Set(named.flatMap((one) => (one?.type === 'MedicationRequest' ? one.id : [])))) {
    const request = await desk.draft.read('MedicationRequest', id);
    if (request?.subject.reference !== desk.subject.reference) continue;
    if (request.status !== 'active' && request.status !== 'on-hold') continue;
    await desk.draft.update({ ...request, id, status: 'stopped', ...(statusReason && { statusReason }) });
  }
}

/** Now; a future period ends at its start. */
function endOf({ start }: Period, { at, today }: CommandDesk): string {
  const isToCome =
    start !== undefined && (start.includes('T') ? Date.parse(start) > Date.parse(at) : firstDay(start) > today);
  return isToCome ? start : at;
}

export const StopMedication = defineCommand(
  {
    key: 'stopMedication',
    prefix: 'STOP_MEDICATION',
    label: 'Stop Medication',
    summary: 'The patient takes a medication no longer.',
    fields: {
      medication: {
        label: 'Medication',
        schema: Option,
        needed: true,
        search: { from: 'chart', type: 'MedicationStatement', filter: 'status=active' },
      },
      rationale: { label: 'Rationale', schema: text(1024) },
    },
  },
  async ({ medication: option, rationale }, desk) => {
    const medication = await desk.chosen('MedicationStatement', 'medication', option);
    if (!TAKEN.has(medication.status)) {
      throw desk.refused('medication', `This medication is ${medication.status}: pick an active one.`);
    }
    const { effectiveDateTime, ...rest } = medication;
    const period = rest.effectivePeriod ?? (effectiveDateTime ? { start: effectiveDateTime } : {});
    const reason = rationale ? [{ text: rationale }] : [];
    await desk.draft.update(
      filled({
        ...rest,
        status: 'stopped' as const,
        statusReason: [...(rest.statusReason ?? []), ...reason],
        effectivePeriod: { ...period, end: endOf(period, desk) },
      }),
    );
    await stopPrescriptions(desk, medication, reason[0]);
  },
);

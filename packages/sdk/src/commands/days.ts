// Refuses impossible days: history must have happened in the patient's life, and an end must follow its start. A month or year is
// refused only if none of its days is possible.

import type { CommandDesk } from '#kit/command-desk.ts';
import { parseReference } from '#kit/ids.ts';
import { firstDay, lastDay } from '#kit/partial-date.ts';

export function refuseFuture(desk: CommandDesk, field: string, date: string | undefined): void {
  if (date === undefined || firstDay(date) <= desk.today) return;
  throw desk.refused(field, `${thatIs(date)} is in the future: enter today, ${desk.today}, or earlier.`);
}

/** Refuses `last` before `first`. A time counts as its local day. */
export function refuseBefore(
  desk: CommandDesk,
  field: string,
  last: string | undefined,
  first: string | undefined,
  firstName: string,
): void {
  if (first === undefined || last === undefined || lastDay(desk.dateOf(last)) >= firstDay(desk.dateOf(first))) return;
  throw desk.refused(field, `${thatIs(last)} is before ${firstName}: enter a later one.`);
}

/** Refuses what ended before the patient was born. */
async function refuseBeforeBirth(desk: CommandDesk, field: string, date: string | undefined): Promise<void> {
  if (date === undefined) return;
  const patient = await desk.draft.read('Patient', parseReference(desk.subject.reference)?.id ?? '');
  const born = patient?.birthDate;
  if (born === undefined || lastDay(date) >= firstDay(born)) return;
  throw desk.refused(
    field,
    `${thatIs(date)} is before the patient was born, ${born}: correct it, or the date of birth in the profile.`,
  );
}

/** Refuses what isn't between the patient's birth and today. */
export async function refuseOutsideLife(desk: CommandDesk, field: string, date: string | undefined): Promise<void> {
  refuseFuture(desk, field, date);
  await refuseBeforeBirth(desk, field, date);
}

/** The start of a refusal. */
function thatIs(date: string): string {
  return date.length === 4 ? 'This year' : date.length === 7 ? 'This month' : 'This day';
}

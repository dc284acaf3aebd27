// Days that cannot be: what is history must have happened, and an end comes after its beginning.

import type { CommandDesk } from '#kit/command-desk.ts';

export function refuseFuture(desk: CommandDesk, field: string, day: string | undefined): void {
  if (day !== undefined && day > desk.today)
    throw desk.refuse(field, 'This day is still to come: name a day until today.');
}

/** Refuses `last` when it is before `first`; a time is judged by its day. */
export function refuseBefore(
  desk: CommandDesk,
  field: string,
  last: string | undefined,
  first: string | undefined,
  firstName: string,
): void {
  if (first === undefined || last === undefined || last.slice(0, 10) >= first.slice(0, 10)) return;
  throw desk.refuse(field, `This day is before ${firstName}: name one that is not.`);
}

// The transition tables of notes and commands as this test knows them: written down here a second time, on purpose.

import type { Attempt } from './attempts.ts';

export const NOTE_STATES: Readonly<Record<string, readonly string[]>> = {
  none: ['open'],
  open: ['open', 'locked', 'signed', 'deleted'],
  locked: ['open', 'signed'],
  signed: ['open', 'signed'],
  deleted: ['open'],
};

export const COMMAND_STATES: Readonly<Record<string, readonly string[]>> = {
  none: ['staged'],
  staged: ['staged', 'in-review', 'committed', 'gone'],
  'in-review': ['in-review', 'staged', 'committed'],
  committed: ['committed', 'entered-in-error'],
  'entered-in-error': ['entered-in-error'],
};

const ANY = ['staged', 'in-review', 'committed', 'entered-in-error'];

/** In which states of the command each may be done; also whether in a note that is not open. */
const MAY: Readonly<Record<string, { readonly states: readonly string[]; readonly locked?: true }>> = {
  edit: { states: ['staged'] },
  delete: { states: ['staged'] },
  commit: { states: ['staged', 'in-review'] },
  'enter-in-error': { states: ['committed'] },
  print: { states: ANY, locked: true },
  'carry-forward': { states: ANY },
  review: { states: ['staged'] },
  'make-changes': { states: ['in-review'] },
  sign: { states: ['staged', 'in-review'] },
};

const MOVES: Readonly<Record<string, readonly string[]>> = {
  lock: ['open'],
  sign: ['open', 'locked'],
  unlock: ['locked', 'signed'],
};

/** Of the fields that a commit needs, those that an attempt may lack. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  plan: ['narrative'],
  diagnose: ['diagnose'],
  task: ['title', 'assignTo'],
  stopMedication: ['medication'],
  refer: ['serviceProvider'],
};

/** What an attempt would meet at one moment. */
export interface Moment {
  readonly note: { readonly state: string } | undefined;
  /** Null when it is deleted. */
  readonly command:
    | { readonly state: string; readonly command: string; readonly fields: Readonly<Record<string, unknown>> }
    | null
    | undefined;
  readonly version: number | undefined;
  /** Of the medication that the command stops. */
  readonly medication: { readonly status: string } | undefined;
}

/** Why the attempt may not be made just then, as the code of the refusal; undefined when it may. */
export function refusalOf(attempt: Attempt, moment: Moment): readonly string[] {
  const open = moment.note?.state === 'open';
  if (attempt.what === 'originate') return open ? [] : ['note.state'];
  if (!('id' in attempt)) return MOVES[attempt.what]!.includes(moment.note?.state ?? '') ? [] : ['note.state'];
  if (!moment.command) return ['command.not-found'];
  const { states, locked } = MAY['action' in attempt ? attempt.action : attempt.what]!;
  const { state, command, fields } = moment.command;
  const stale = 'version' in attempt && attempt.version !== moment.version;
  const commits = attempt.what === 'commit' || ('action' in attempt && attempt.action === 'sign');
  const lacking = NEEDED[command]!.some((field) => fields[field] === undefined);
  const incomplete = lacking || (moment.medication?.status ?? 'active') !== 'active';
  return [
    ...(stale ? ['record.conflict'] : []),
    ...(open || locked ? [] : ['note.state']),
    ...(states.includes(state) ? [] : ['command.state']),
    ...(commits && incomplete ? ['command.fields'] : []),
  ];
}

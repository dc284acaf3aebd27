// What a user tries: drawn at random, whether it is allowed just now or not.

import type { Random } from '#demo/random.ts';
import { ICD10CM } from '#kit/systems.ts';

type Fields = Readonly<Record<string, string | null>>;

export type Attempt =
  | { readonly what: 'originate'; readonly note: string; readonly command: string; readonly fields: object }
  | { readonly what: 'edit'; readonly id: string; readonly fields: Fields; readonly version?: number }
  | { readonly what: 'commit' | 'enter-in-error' | 'delete'; readonly id: string; readonly version?: number }
  | { readonly what: 'action'; readonly id: string; readonly action: string }
  | { readonly what: 'lock' | 'unlock' | 'sign'; readonly note: string };

/** A command that somebody originated, as far as the users know. */
export interface Known {
  readonly id: string;
  readonly command: string;
  /** The newest version that a user saw. */
  version: number;
}

/** What there is to be tried on; grows as users originate. */
export interface Table {
  readonly notes: readonly string[];
  readonly medications: readonly string[];
  readonly organization: string;
  readonly commands: Known[];
}

const HYPERTENSION = {
  value: 'I10',
  text: 'Essential (primary) hypertension',
  coding: [{ system: ICD10CM, code: 'I10', display: 'Essential (primary) hypertension' }],
};

/** By command: what it is originated with, what is edited, and its actions. */
const COMMANDS: Readonly<Record<string, { begin(table: Table, random: Random): object; edits: readonly string[] }>> = {
  plan: { begin: () => ({ narrative: 'Rest.' }), edits: ['narrative'] },
  diagnose: { begin: () => ({ diagnose: HYPERTENSION }), edits: ['background', 'todayAssessment'] },
  task: {
    begin: () => ({ title: 'Call', assignTo: { value: 'unassigned', text: 'Nobody yet' } }),
    edits: ['title', 'comment'],
  },
  stopMedication: {
    begin: ({ medications }, random) => ({ medication: random.pick(medications) }),
    edits: ['rationale'],
  },
  refer: {
    begin: ({ organization }) => ({
      serviceProvider: `Organization/${organization}`,
      diagnosisCodes: [HYPERTENSION],
      clinicalQuestion: 'diagnostic-uncertainty',
      priority: 'routine',
    }),
    edits: ['notesToSpecialist', 'internalComment'],
  },
};

const ACTIONS = ['print', 'carry-forward'] as const;
const REVIEW_ACTIONS = [...ACTIONS, 'review', 'review', 'make-changes', 'sign'] as const;

/** How often each is tried. */
const CHOICES: readonly Attempt['what'][] = [
  ...Array<'originate'>(5).fill('originate'),
  ...Array<'edit'>(10).fill('edit'),
  ...Array<'commit'>(4).fill('commit'),
  ...Array<'action'>(3).fill('action'),
  'delete',
  'enter-in-error',
  'enter-in-error',
  'lock',
  'sign',
  ...Array<'unlock'>(6).fill('unlock'),
];

/** The `n`-th attempt of a user; values are told apart by both. */
export function drawAttempt(random: Random, table: Table, user: number, n: number): Attempt {
  const what = random.pick(CHOICES);
  const note = random.pick(table.notes);
  if (what === 'lock' || what === 'unlock' || what === 'sign') return { what, note };
  // The newest commands are tried most: there the users meet.
  const known = table.commands.at(-1 - Math.floor(random.next() ** 2 * table.commands.length));
  if (what === 'originate' || !known) {
    const command = random.pick(Object.keys(COMMANDS));
    const fields = random.next() < 0.1 ? {} : COMMANDS[command]!.begin(table, random);
    return { what: 'originate', note, command, fields };
  }
  const { id, command } = known;
  if (what === 'action') {
    return { what, id, action: random.pick(command === 'refer' ? REVIEW_ACTIONS : ACTIONS) };
  }
  const version = random.next() < 0.4 ? { version: known.version } : {};
  if (what !== 'edit') return { what, id, ...version };
  const text = random.next() < 0.1 ? null : `user ${user}, ${n}`;
  return { what, id, fields: { [random.pick(COMMANDS[command]!.edits)]: text }, ...version };
}

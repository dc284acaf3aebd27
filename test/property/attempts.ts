// What a user tries: drawn at random, whether it is allowed just now or not.

import fc from 'fast-check';
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
const COMMANDS: Readonly<Record<string, { begin(table: Table, chosen: number): object; edits: readonly string[] }>> = {
  plan: { begin: () => ({ narrative: 'Rest.' }), edits: ['narrative'] },
  diagnose: { begin: () => ({ diagnose: HYPERTENSION }), edits: ['background', 'todayAssessment'] },
  task: {
    begin: () => ({ title: 'Call', assignTo: { value: 'unassigned', text: 'Nobody yet' } }),
    edits: ['title', 'comment'],
  },
  stopMedication: {
    begin: ({ medications }, chosen) => ({ medication: at(medications, chosen) }),
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

/** From 0 up to, never including, 1: whatever there is to choose from when its turn comes. */
const fraction = fc.nat(9_999).map((n) => n / 10_000);

/** What a user means to try, before it is known what there will be to try it on. */
export interface Intent {
  readonly what: Attempt['what'];
  readonly command: string;
  readonly note: number;
  readonly known: number;
  /** Which of its edits, actions or medications. */
  readonly one: number;
  /** What happens now and then: a command without fields, a field taken away, a version named. */
  readonly seldom: number;
}

export const intent: fc.Arbitrary<Intent> = fc.record({
  what: fc.constantFrom(...CHOICES),
  command: fc.constantFrom(...Object.keys(COMMANDS)),
  note: fraction,
  known: fraction,
  one: fraction,
  seldom: fraction,
});

/** The `n`-th attempt of a user; values are told apart by both. */
export function attemptOf(meant: Intent, table: Table, user: number, n: number): Attempt {
  const { what, one, seldom } = meant;
  const note = at(table.notes, meant.note);
  if (what === 'lock' || what === 'unlock' || what === 'sign') return { what, note };
  // The newest commands are tried most: there the users meet.
  const known = table.commands.at(-1 - Math.floor(meant.known ** 2 * table.commands.length));
  if (what === 'originate' || !known) {
    const { command } = meant;
    const fields = seldom < 0.1 ? {} : COMMANDS[command]!.begin(table, one);
    return { what: 'originate', note, command, fields };
  }
  const { id, command } = known;
  if (what === 'action') return { what, id, action: at(command === 'refer' ? REVIEW_ACTIONS : ACTIONS, one) };
  const version = seldom < 0.4 ? { version: known.version } : {};
  if (what !== 'edit') return { what, id, ...version };
  // Among those with a version and among those without alike.
  const text = (seldom * 100) % 10 < 1 ? null : `user ${user}, ${n}`;
  return { what, id, fields: { [at(COMMANDS[command]!.edits, one)]: text }, ...version };
}

function at<T>(choices: readonly T[], fraction: number): T {
  return choices[Math.floor(fraction * choices.length)]!;
}

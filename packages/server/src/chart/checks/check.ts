// The grammar of the checks that come with Chartwire: each is asked at the same place as the gates of plugins, and may refuse
// a commit, ask for a reason, or say that it could not tell.

import type { ResourceType } from '@medplum/fhirtypes';
import type { CommandKey } from '@chartwire/sdk/internal/commands/index';
import type { Fields, Terms } from '../commands/fields.ts';
import type { ChartDraft } from '../draft.ts';

export interface BuiltInCheck {
  /** By which it is switched off, and `chartwire/<name>` where it is answered: `allergy`. */
  readonly name: string;
  readonly label: string;
  /** The command whose commit it is asked about. */
  readonly command: CommandKey;
  /** What it does, and what it doesn't know: for whoever switches it. */
  readonly summary: string;
  readonly run: (asked: CheckedCommit) => Promise<Finding | undefined> | Finding | undefined;
}

/** A commit that is to be checked. */
export interface CheckedCommit {
  readonly fields: Fields;
  /** Id of the patient. */
  readonly patient: string;
  /** The chart as it is to become. */
  readonly draft: ChartDraft;
  readonly terms: Pick<Terms, 'lookup'>;
  /** ISO 8601. */
  readonly at: string;
}

/** `unknown`: it could not tell, and says what was not checked. */
export interface Finding {
  readonly outcome: 'refuse' | 'confirm' | 'unknown';
  readonly message: string;
  readonly field?: string;
}

/** Longest message that a gate gives, in characters. */
const LONGEST = 500;

/** The sentences of a finding, as many as there is room for. */
export function sentences(all: readonly string[]): string {
  const text = [...new Set(all)].join(' ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** Whether whoever commits may read records of a type: what a check says of them is told to nobody else. */
export function mayRead({ draft }: Pick<CheckedCommit, 'draft'>, type: ResourceType): boolean {
  try {
    draft.require(type, 'r');
    return true;
  } catch {
    return false;
  }
}

// The declaration of a built-in check. It runs where plugins' gates run, and may refuse a commit, ask for a reason, or say that
// it couldn't decide.

import type { ResourceType } from '@medplum/fhirtypes';
import type { CommandKey } from '@chartwire/sdk/internal/commands/index';
import type { Fields, Terms } from '../commands/fields.ts';
import type { ChartDraft } from '../draft.ts';

export interface BuiltInCheck {
  /** Its name for the switch, and in answers as `chartwire/<name>`: `allergy`. */
  readonly name: string;
  readonly label: string;
  /** The command whose commit it checks. */
  readonly command: CommandKey;
  /** What it covers and what it doesn't, for whoever switches it. */
  readonly summary: string;
  readonly run: (asked: CheckedCommit) => Promise<Finding | undefined> | Finding | undefined;
}

/** A commit to check. */
export interface CheckedCommit {
  readonly fields: Fields;
  /** Id of the patient. */
  readonly patient: string;
  /** The chart after the commit. */
  readonly draft: ChartDraft;
  readonly terms: Pick<Terms, 'lookup'>;
  /** ISO 8601. */
  readonly at: string;
}

/** `unknown`: it couldn't decide, and says what wasn't checked. */
export interface Finding {
  readonly outcome: 'refuse' | 'confirm' | 'unknown';
  readonly message: string;
  readonly field?: string;
}

/** Longest message of a gate, in characters. */
const LONGEST = 500;

/** The sentences of a finding, as far as they fit. */
export function sentences(all: readonly string[]): string {
  const text = [...new Set(all)].join(' ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** Whether the committing user may read records of a type. What a check says about them is shown to nobody else. */
export function mayRead({ draft }: Pick<CheckedCommit, 'draft'>, type: ResourceType): boolean {
  try {
    draft.require(type, 'r');
    return true;
  } catch {
    return false;
  }
}

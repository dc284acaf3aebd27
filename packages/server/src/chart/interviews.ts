// Validates questionnaire answers against the questionnaire, however they arrive.

import type { ExtractResource, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import {
  type CanonicalType,
  type Finder,
  findCanonical,
  isNamed,
  searchNamed,
} from '@chartwire/sdk/internal/commands/canonicals';
import { choicesOf } from '@chartwire/sdk/internal/commands/questionnaire-choices';
import { answerFaults } from '@chartwire/sdk/internal/commands/questionnaire-faults';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import { reasonOf } from '#r4/validate.ts';
import type { Warning } from './contract.ts';
import type { ChartDraft } from './draft.ts';
import { type Change, refusalOf } from './unit.ts';

/** Faults of answers, and what couldn't be checked. */
export interface InterviewFindings {
  readonly faults: readonly Fault[];
  readonly unchecked: readonly Fault[];
}

const NOTHING: InterviewFindings = { faults: [], unchecked: [] };

/** `response` must be valid R4. Answers entered in error aren't checked. */
export async function interviewFindings(response: QuestionnaireResponse, finder: Finder): Promise<InterviewFindings> {
  if (response.status === 'entered-in-error') return NOTHING;
  const { questionnaire: canonical } = response;
  if (canonical === undefined) return unchecked('The answers are not checked: they name no questionnaire.');
  const questionnaire = isContained(canonical)
    ? containedIn(response, canonical)
    : await findCanonical(finder, 'Questionnaire', canonical);
  if (!questionnaire) {
    return unchecked(
      'The answers are not checked: this server does not have their questionnaire, or not that version.',
    );
  }
  const sets = await choicesOf(questionnaire, (one) => findCanonical(finder, 'ValueSet', one));
  const vague = [...sets.values()].some(({ complete }) => !complete);
  return {
    faults: answerFaults(questionnaire, response, sets),
    unchecked: vague
      ? unchecked('Some choices are not checked: this server does not have all of their codes.').unchecked
      : [],
  };
}

function unchecked(message: string): InterviewFindings {
  return { faults: [], unchecked: [{ path: 'QuestionnaireResponse.questionnaire', message, issue: 'not-found' }] };
}

function containedIn({ contained = [] }: QuestionnaireResponse, canonical: string): Questionnaire | undefined {
  const found = contained.find(({ id }) => `#${id}` === canonical);
  return found?.resourceType === 'Questionnaire' ? found : undefined;
}

/** Refuses changes that leave answers which don't fit their questionnaire. Returns what couldn't be checked. */
export async function checkInterviews(changes: readonly Change[], draft: ChartDraft): Promise<Warning[]> {
  const warnings: Warning[] = [];
  const finder = finderOf(changes, draft);
  for (const { before, after, by, write } of changes) {
    if (after?.resourceType !== 'QuestionnaireResponse' || isSame(before, after)) continue;
    const { faults: all, unchecked } = await interviewFindings(after, finder);
    const isTold = all.every(({ issue }) => issue === 'too-costly') || maySee(after, draft);
    const faults = isTold ? all : [WITHHELD];
    if (faults.length > 0) {
      const type = after.resourceType;
      throw refusalOf(new Refusal('record.invalid', { type, reason: reasonOf(faults) }, faults), by);
    }
    warnings.push(...unchecked.map((fault) => ({ type: write.type, id: write.id, fault })));
  }
  return warnings;
}

/**
 * Faults reveal what the questionnaire asks. Callers who may not read questionnaires only learn that the answers don't fit,
 * unless they sent the questionnaire as well.
 */
function maySee({ questionnaire }: QuestionnaireResponse, draft: ChartDraft): boolean {
  return isContained(questionnaire) || draft.reaches('Questionnaire', 'r', null);
}

const WITHHELD: Fault = {
  path: 'QuestionnaireResponse',
  message:
    'The answers do not fit the questionnaire. To see how, ask for the scope patient/Questionnaire.r or system/Questionnaire.r.',
  issue: 'invalid',
};

function isContained(canonical: string | undefined): boolean {
  return canonical?.startsWith('#') ?? false;
}

/** Existing answers needn't fit: only new ones are checked. */
function isSame(before: ChartRecord | null, after: QuestionnaireResponse): boolean {
  if (before?.resourceType !== 'QuestionnaireResponse') return false;
  const said = ({ status, questionnaire, item, contained }: QuestionnaireResponse) =>
    JSON.stringify([status, questionnaire, item, isContained(questionnaire) ? contained : undefined]);
  return said(before) === said(after);
}

/** A questionnaire may be in the same unit of work as its answers. It is looked up once for any number of answers. */
function finderOf(changes: readonly Change[], draft: ChartDraft): Finder {
  const found = new Map<string, Promise<unknown>>();
  const once = <T>(key: readonly unknown[], find: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(key);
    const known = (found.get(name) as Promise<T> | undefined) ?? find();
    found.set(name, known);
    return known;
  };
  return {
    read: (type, id) => once([type, id], () => draft.read(type, id)),
    named<T extends CanonicalType>(type: T, url: string, version?: string) {
      const drafted = changes.flatMap(({ after }) =>
        after?.resourceType === type && isNamed(after, url, version) ? [after as ExtractResource<T>] : [],
      );
      if (drafted.length > 0) return Promise.resolve(drafted);
      return once([type, url, version ?? null, 'named'], () => searchNamed(draft, type, url, version));
    },
  };
}

// Building blocks of the shipped questionnaires: coded questions, and scales with scores.

import type { Coding, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { LOINC, ORDINAL_VALUE } from '@chartwire/sdk/internal/kit/systems';

export type Definition = Questionnaire & { readonly id: string };

const CANONICAL = 'https://chartwire.org/fhir/Questionnaire';
const LOINC_NOTICE = 'LOINC codes and names are copyright © Regenstrief Institute, Inc.: https://loinc.org/license';

export interface Instrument {
  /** Its id, and the end of its url. */
  readonly id: string;
  readonly title: string;
  /** LOINC panel codes and their names, its own first. */
  readonly codes: Readonly<Record<string, string>>;
  readonly copyright: string;
  readonly extension?: Questionnaire['extension'];
  /** Said before the questions. */
  readonly stem?: string;
  readonly questions: QuestionnaireItem[];
  readonly scoring: Scoring;
}

/** The meaning of the total score. */
export interface Scoring {
  /** As it is called: `PHQ-9`. */
  readonly name: string;
  /** LOINC's, of the total score. */
  readonly code: string;
  /** From the lowest on. */
  readonly bands: readonly Band[];
  /** Questions where an answer with this score needs action, whatever the total. */
  readonly critical?: readonly { readonly question: string; readonly from: number }[];
}

/** A part of the scale. */
export interface Band {
  /** The lowest score of it. */
  readonly from: number;
  readonly text: string;
  /** Needs action. */
  readonly abnormal?: boolean;
  /** The sex for which it starts higher. */
  readonly notFor?: 'male' | 'female';
}

const scorings = new WeakMap<Definition, Scoring>();

/** Of a questionnaire that ships. */
export function scoringOf(definition: Definition): Scoring | undefined {
  return scorings.get(definition);
}

export function instrument({ scoring, ...described }: Instrument): Definition {
  const definition = definitionOf(described);
  scorings.set(definition, scoring);
  return definition;
}

type Described = Omit<Instrument, 'scoring'>;

function definitionOf({ id, title, codes, copyright, extension, stem, questions }: Described): Definition {
  return {
    resourceType: 'Questionnaire',
    id,
    ...(extension && { extension }),
    url: `${CANONICAL}/${id}`,
    version: '1',
    title,
    status: 'active',
    subjectType: ['Patient'],
    copyright: `${copyright} ${LOINC_NOTICE}`,
    code: Object.entries(codes).map(([code, display]) => coding(code, display)),
    item: [...(stem ? [{ linkId: 'stem', type: 'display' as const, text: stem }] : []), ...questions],
  };
}

/** A LOINC question; its code is its linkId. */
export function question(code: string, name: string, text: string, answers: readonly Coding[]): QuestionnaireItem {
  return {
    linkId: code,
    code: [coding(code, name)],
    text,
    type: 'choice',
    answerOption: answers.map((valueCoding) => ({ valueCoding })),
  };
}

/** Answers with the scores 0, 1, 2 ...: the number is stored in the coding. */
export function scale(answers: Readonly<Record<string, string>>): Coding[] {
  return Object.entries(answers).map(([code, display], ordinal) => ({
    extension: [{ url: ORDINAL_VALUE, valueDecimal: ordinal }],
    ...coding(code, display),
  }));
}

export function coding(code: string, display: string): Coding {
  return { system: LOINC, code, display };
}

// Scores of a shipped questionnaire, computed whenever they are shown, from answers of any origin. Not stored: only conclusions
// of a plugin or clinician are.

import type {
  Coding,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { isEnabled } from '@chartwire/sdk/internal/commands/questionnaire-enabled';
import { ORDINAL_VALUE } from '@chartwire/sdk/internal/kit/systems';
import { type Band, type Definition, type Scoring, scoringOf } from './instrument.ts';
import { SHIPPED } from './shipped.ts';

/** The result of answers. */
export interface Score {
  /** Of the QuestionnaireResponse. */
  readonly interview: string;
  /** `PHQ-9` */
  readonly name: string;
  /** LOINC's, of the total. */
  readonly code: string;
  /** ISO 8601 of the answers. */
  readonly at: string | null;
  /** Null while scored questions are unanswered. */
  readonly score: number | null;
  /** Sum of the given answers. */
  readonly sum: number;
  readonly max: number;
  readonly answered: number;
  /** Of the scored questions that are asked, given the other answers. */
  readonly asked: number;
  /** The meaning of the score; null without one. */
  readonly band: string | null;
  readonly abnormal: boolean;
  /** Answers that need action whatever the score. */
  readonly critical: readonly { readonly question: string; readonly answer: string }[];
}

type Answers = ReadonlyMap<string, readonly QuestionnaireResponseItemAnswer[]>;

const BY_URL = new Map(SHIPPED.map((definition) => [definition.url, definition]));

/** Undefined for another questionnaire's answers, or answers entered in error. */
export function scoreOf(interview: QuestionnaireResponse, gender: string | undefined): Score | undefined {
  const definition = BY_URL.get(interview.questionnaire?.split('|')[0]);
  const scoring = definition && scoringOf(definition);
  if (!scoring || interview.status === 'entered-in-error') return undefined;
  const answers = answersIn(interview.item ?? []);
  const counted = countedIn(definition);
  const asked = counted.filter((item) => isEnabled(item, (linkId) => answers.get(linkId) ?? []));
  const numbers = asked.flatMap((item) => numberOf(item, answers) ?? []);
  const sum = numbers.reduce((total, number) => total + number, 0);
  const score = numbers.length === asked.length ? sum : null;
  const band = score === null ? undefined : bandOf(scoring, score, gender);
  return {
    interview: interview.id ?? '',
    name: scoring.name,
    code: scoring.code,
    at: interview.authored ?? null,
    score,
    sum,
    max: counted.reduce((total, item) => total + Math.max(...ordinalsOf(item)), 0),
    answered: numbers.length,
    asked: asked.length,
    band: band?.text ?? null,
    abnormal: band?.abnormal === true,
    critical: criticalIn(definition, scoring, answers),
  };
}

/** In one line: `PHQ-9 27 of 27: severe depression`. */
export function scoreText({ name, score, sum, max, answered, asked, band }: Score): string {
  if (score !== null) return `${name} ${score} of ${max}${band === null ? '' : `: ${band}`}`;
  return `${name} not scored: ${answered} of ${asked} questions answered, ${sum} so far`;
}

function answersIn(items: readonly QuestionnaireResponseItem[]): Answers {
  const answers = new Map<string, readonly QuestionnaireResponseItemAnswer[]>();
  const visit = ({ linkId, answer = [], item = [] }: QuestionnaireResponseItem): void => {
    if (answer.length > 0) answers.set(linkId, answer);
    for (const within of [...item, ...answer.flatMap((one) => one.item ?? [])]) visit(within);
  };
  items.forEach(visit);
  return answers;
}

/** The scored questions. */
function countedIn({ item = [] }: Questionnaire): QuestionnaireItem[] {
  return item.filter((question) => ordinalsOf(question).length > 0);
}

function ordinalsOf({ answerOption = [] }: QuestionnaireItem): number[] {
  return answerOption.flatMap(({ valueCoding }) => ordinalOf(valueCoding) ?? []);
}

function ordinalOf(coding: Coding | undefined): number | undefined {
  return coding?.extension?.find(({ url }) => url === ORDINAL_VALUE)?.valueDecimal;
}

/** An answer's score: from itself, or else from its option; a number is its own score. */
function numberOf({ linkId, answerOption = [] }: QuestionnaireItem, answers: Answers): number | undefined {
  const answer = answers.get(linkId)?.[0];
  const coding = answer?.valueCoding;
  const option = answerOption.find(({ valueCoding }) => valueCoding?.code === coding?.code);
  return (
    ordinalOf(coding) ?? (coding ? ordinalOf(option?.valueCoding) : (answer?.valueInteger ?? answer?.valueDecimal))
  );
}

/** The last band that the score reaches. */
function bandOf({ bands }: Scoring, score: number, gender: string | undefined): Band | undefined {
  return bands.findLast(({ from, notFor }) => score >= from && (notFor === undefined || notFor !== gender));
}

function criticalIn({ item = [] }: Definition, { critical = [] }: Scoring, answers: Answers): Score['critical'] {
  return critical.flatMap(({ question, from }) => {
    const asked = item.find(({ linkId }) => linkId === question);
    const number = asked && numberOf(asked, answers);
    if (!asked || number === undefined || number < from) return [];
    const coding = answers.get(question)?.[0]?.valueCoding;
    return [{ question: asked.text ?? question, answer: answerText(asked, coding) ?? String(number) }];
  });
}

function answerText({ answerOption = [] }: QuestionnaireItem, coding: Coding | undefined): string | undefined {
  return (
    coding?.display ?? answerOption.find(({ valueCoding }) => valueCoding?.code === coding?.code)?.valueCoding?.display
  );
}

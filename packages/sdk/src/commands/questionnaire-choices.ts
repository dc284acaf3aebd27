// The choices of a question: its own options, or the codes of a value set. https://hl7.org/fhir/R4/valueset.html#compositions

import type {
  Coding,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  ValueSet,
  ValueSetExpansionContains,
} from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { allItems } from './questionnaire-enabled.ts';

export interface Choices {
  readonly options: readonly QuestionnaireItemAnswerOption[];
  /** Code systems of which every code is allowed. */
  readonly systems: readonly string[];
  /** Whether the list is complete. Unknown for a value set that isn't here or is defined by rules. */
  readonly complete: boolean;
}

/** By the questions' `answerValueSet`. */
export type ChoicesOf = ReadonlyMap<string, Choices>;

/** Finds a value set by url, or by url and version (`url|version`). */
export type FindValueSet = (canonical: string) => Promise<ValueSet | undefined>;

const UNKNOWN: Choices = { options: [], systems: [], complete: false };
/** Nesting limit of value sets. */
const MAX_DEPTH = 5;

/** The content of a questionnaire's value sets, including contained ones. */
export async function choicesOf(questionnaire: Questionnaire, find: FindValueSet): Promise<ChoicesOf> {
  const canonicals = new Set(allItems(questionnaire.item ?? []).flatMap(({ answerValueSet }) => answerValueSet ?? []));
  const contained: FindValueSet = async (canonical) =>
    canonical.startsWith('#')
      ? (questionnaire.contained?.find(
          (one) => one.resourceType === 'ValueSet' && `#${one.id}` === canonical,
        ) as ValueSet)
      : find(canonical);
  const found = [...canonicals].map(async (one) => [one, await choicesIn(await contained(one), contained, 0)] as const);
  return new Map(await Promise.all(found));
}

/** What a question offers; undefined if it takes any answer of its type. */
export function offered({ answerOption, answerValueSet }: QuestionnaireItem, sets: ChoicesOf): Choices | undefined {
  if (answerOption) return { options: answerOption, systems: [], complete: true };
  return answerValueSet === undefined ? undefined : (sets.get(answerValueSet) ?? UNKNOWN);
}

async function choicesIn(valueSet: ValueSet | undefined, find: FindValueSet, depth: number): Promise<Choices> {
  if (!valueSet || depth > MAX_DEPTH) return UNKNOWN;
  const { expansion, compose } = valueSet;
  if (expansion?.contains) {
    const codings = expandedIn(expansion.contains);
    return { options: codings.map(asOption), systems: [], complete: (expansion.total ?? 0) <= codings.length };
  }
  const parts: Choices[] = [];
  for (const { system, concept, filter, valueSet: others = [] } of compose?.include ?? []) {
    const [other, ...more] = others;
    // Several conditions at once are met by their intersection.
    if (filter || more.length > 0 || (other !== undefined && system !== undefined)) parts.push(UNKNOWN);
    else if (other !== undefined) parts.push(await choicesIn(await find(other), find, depth + 1));
    else if (!concept) parts.push({ options: [], systems: system === undefined ? [] : [system], complete: true });
    else {
      const codings = concept.map(({ code, display }) => filled<Coding>({ system, code, display }));
      parts.push({ options: codings.map(asOption), systems: [], complete: true });
    }
  }
  const left = (compose?.exclude ?? []).flatMap(({ system, concept }) =>
    concept ? concept.map(({ code }) => `${system}|${code}`) : [],
  );
  const vague = (compose?.exclude ?? []).some(({ concept }) => !concept);
  return {
    options: parts
      .flatMap(({ options }) => options)
      .filter(({ valueCoding }) => !left.includes(`${valueCoding?.system}|${valueCoding?.code}`)),
    systems: parts.flatMap(({ systems }) => systems),
    complete: parts.length > 0 && !vague && parts.every(({ complete }) => complete),
  };
}

function expandedIn(contains: readonly ValueSetExpansionContains[]): Coding[] {
  return contains.flatMap(({ system, version, code, display, abstract, contains: within = [] }) => [
    ...(code === undefined || abstract ? [] : [filled<Coding>({ system, version, code, display })]),
    ...expandedIn(within),
  ]);
}

function asOption(valueCoding: Coding): QuestionnaireItemAnswerOption {
  return { valueCoding };
}

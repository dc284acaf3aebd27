// A command on paper: its fields, its results, and any overridden checks.

import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { FieldKind } from '@chartwire/sdk/internal/commands/control';
import { choiceText, nameText, phrasesOf } from '@chartwire/sdk/internal/commands/words';
import { scoreText } from '#chart/questionnaires/score.ts';
import type { CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import { flagOfReading } from '@chartwire/sdk/internal/records/vital-bounds';
import { momentText } from './moment.ts';
import type { Caution, Fact, Part } from './printout.ts';
import { type PrintSetting, whoText } from './setting.ts';

type Values = Readonly<Record<string, unknown>>;

/** Its kind's label is the heading. */
export function commandPart(
  command: CommandShape,
  { kinds, timeZone }: Pick<PrintSetting, 'kinds' | 'timeZone'>,
  { answers, adult }: { readonly answers: readonly Fact[] | undefined; readonly adult: boolean },
): Part {
  const { fields, overrides, unanswered } = command;
  const kind = kinds.get(command.command);
  const facts = [
    ...(kind ? fieldFacts(kind, fields, { answers, adult }) : []),
    ...resultFacts(command),
    ...overrides.map(
      ({ check, message, reason, by, at }): Fact => [
        'Done despite a check',
        `${check}: ${message}\nReason given by ${whoText(by)}, ${momentText(at, timeZone)}: ${reason}`,
      ],
    ),
    ...unanswered.map(
      ({ check, message, by, at }): Fact => [
        'Not fully checked',
        `${check}: ${message}\nDone all the same by ${whoText(by)}, ${momentText(at, timeZone)}`,
      ],
    ),
  ];
  return {
    heading: kind?.label ?? command.command,
    ...bodyOf(facts, kind),
    ...stateCaution(command, timeZone),
  };
}

/** The only field of a kind, such as a narrative, needs no label. */
function bodyOf(facts: readonly Fact[], kind: CommandKind | undefined): Pick<Part, 'facts' | 'text'> {
  if (facts.length === 0) return { text: 'Nothing is filled in.' };
  if (facts.length > 1 || !kind || Object.keys(kind.fields).length > 1) return { facts };
  return { text: facts[0]![1] };
}

function fieldFacts(
  kind: CommandKind,
  values: Values,
  { answers, adult }: { readonly answers: readonly Fact[] | undefined; readonly adult: boolean },
): Fact[] {
  // TypeBox's schemas are JSON Schema, as the formatter expects.
  const described = { key: kind.key, fields: kind.fields as unknown as Readonly<Record<string, FieldKind>> };
  return phrasesOf(described, values).flatMap(({ name, label, text }) => {
    const flag = adult ? flagOfReading(name, values) : undefined;
    // Only answers that fit their questions are printed; the number counts all of them.
    return [
      [label, flag ? `${text}, ${flag.word.toLowerCase()}` : text] as const,
      ...(name === 'answers' && answers ? answers : choicesWithin(described.fields[name], values[name])),
    ];
  });
}

/** The value chosen in a field with several members, which is labeled by one of them: the schedule of a controlled substance. */
function choicesWithin(field: FieldKind | undefined, value: unknown): Fact[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(field?.schema.properties ?? {}).flatMap(([name, schema]): Fact[] => {
    const chosen = (value as Values)[name];
    return schema.enum && typeof chosen === 'string' ? [[nameText(name), choiceText(chosen)]] : [];
  });
}

/** Prints a score and its meaning once. */
function resultFacts({ results = [], scores = [] }: CommandShape): Fact[] {
  const scored = new Set(scores.map(({ code }) => code));
  const others = results.filter(({ code }) => !scored.has(code?.code ?? ''));
  return [
    ...scores.map((score): Fact => ['Score', scoreText(score)]),
    ...scores.flatMap(({ critical }) =>
      critical.map(({ question, answer }): Fact => ['Critical answer', `${question}: ${answer}`]),
    ),
    ...others.map(
      ({ code, score, narrative }): Fact => [
        code?.display ?? 'Result',
        [score, narrative].filter((one) => one !== null && one !== '').join(': '),
      ],
    ),
  ];
}

function stateCaution({ state, enteredInError }: CommandShape, timeZone: string): { caution?: Caution } {
  if (state === 'committed') return {};
  if (state !== 'entered-in-error') return { caution: { text: 'Not committed: not part of the chart yet.' } };
  return { caution: { text: errorText(enteredInError, timeZone), struck: true } };
}

interface Mistake {
  readonly by: Parameters<typeof whoText>[0];
  readonly at: string;
  readonly reason?: string;
}

/** `Entered in error, marked by Dr. Ana Ruiz, Nov 30, 2026, 9:40 AM EST: wrong patient`. */
export function errorText(error: Mistake | null | undefined, timeZone: string): string {
  if (!error) return 'Entered in error';
  const { by, at, reason } = error;
  const marked = `Entered in error, marked by ${whoText(by)}, ${momentText(at, timeZone)}`;
  return reason ? `${marked}: ${reason}` : marked;
}

// The questions of one level, as they are asked: groups with what they contain, groups and questions that repeat, and what a
// question contains below its answer.

import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { Plus, X } from 'lucide-react';
import {
  type Answers,
  type AnswerWithItems,
  severalOf,
  typedAnswer,
} from '@chartwire/sdk/internal/commands/questionnaire-answers';
import { type ChoicesOf, offered } from '@chartwire/sdk/internal/commands/questionnaire-choices';
import { type AnswerFault, taken } from '@chartwire/sdk/internal/commands/questionnaire-faults';
import { limitsText } from '@chartwire/sdk/internal/commands/questionnaire-limits';
import { Button, IconButton } from '../ui/button.tsx';
import { exactAt } from './exact.ts';
import { Question } from './question.tsx';
import {
  elementFrom,
  elementsOf,
  type Given,
  givenText,
  givenTo,
  isAnsweredWithin,
  isAsked,
  type Level,
  levelAt,
  levelIn,
  proposed,
  repetitionsOf,
  withGiven,
} from './question-levels.ts';
import { isHidden } from './question-shape.ts';

interface Asking {
  readonly sets: ChoicesOf;
  /** What doesn't fit; once a commit was refused, what is missing too. */
  readonly faults: readonly AnswerFault[];
  /** They were kept from being committed, and not changed since. */
  readonly refused: boolean;
}

interface ListProps {
  readonly asking: Asking;
  readonly items: readonly QuestionnaireItem[];
  readonly answers: Answers;
  readonly level: Level;
  readonly onChange: (answers: Answers) => void;
}

export function QuestionList({ items, ...rest }: ListProps) {
  return items
    .filter((item) => isAsked(item, rest.level) && !isHidden(item))
    .map((item) => <Asked key={item.linkId} item={item} {...rest} />);
}

interface ItemProps extends Omit<ListProps, 'items'> {
  readonly item: QuestionnaireItem;
}

function Asked(props: ItemProps) {
  const { item } = props;
  if (item.type === 'display') return <p className="px-3 py-1.5 text-ink-2 text-sm">{item.text}</p>;
  if (item.type === 'group') return item.repeats ? <RepeatingGroup {...props} /> : <Group {...props} />;
  return isAnsweredWithin(item) ? <Elements {...props} /> : <Single {...props} />;
}

function Group({ item, answers, onChange, level, asking }: ItemProps) {
  const { item: items = [], linkId, text } = item;
  const [own] = repetitionsOf(answers[linkId]);
  const within = own
    ? {
        answers: own,
        level: levelAt(items, own, asking.sets, level),
        onChange: (changed: Answers) => onChange({ ...answers, [linkId]: changed }),
      }
    : { answers, level, onChange };
  return (
    <>
      {text && <h4 className="bg-sunken px-3 py-1.5 font-semibold text-ink-2 text-xs">{text}</h4>}
      <QuestionList asking={asking} items={items} {...within} />
    </>
  );
}

function RepeatingGroup({ item, answers, onChange, level, asking }: ItemProps) {
  const { item: items = [], linkId, text = linkId } = item;
  const given = repetitionsOf(answers[linkId]);
  const all = given.length > 0 ? given : [{}];
  const keep = (some: readonly Answers[]): void => onChange({ ...answers, [linkId]: some });
  const fault = faultOf(item, given.length === 0, asking);
  return (
    <>
      {all.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a repetition is known by its place
        <section key={index} aria-label={`${text} ${index + 1}`} className="flex flex-col divide-y divide-line">
          <div className="flex min-h-8 items-center justify-between gap-2 bg-sunken px-3 py-0.5">
            <h4 className="font-semibold text-ink-2 text-xs">
              {text} {index + 1}
            </h4>
            {given.length > 0 && (
              <IconButton
                icon={X}
                size="sm"
                label={`Remove ${text} ${index + 1}`}
                onClick={() => keep(given.filter((_, at) => at !== index))}
              />
            )}
          </div>
          <QuestionList
            asking={asking}
            items={items}
            answers={one}
            level={levelAt(items, one, asking.sets, level)}
            onChange={(changed) => keep(all.map((other, at) => (at === index ? changed : other)))}
          />
        </section>
      ))}
      <div className="flex flex-wrap items-center gap-x-3 px-3 py-1.5">
        <Button look="ghost" size="sm" icon={Plus} onClick={() => keep([...all, proposed(items, asking.sets)])}>
          Add another: {text}
        </Button>
        <span className="text-ink-3 text-xs">{limitsText(item)}</span>
        {fault && (
          <span role="alert" className="text-danger-text text-xs">
            {fault}
          </span>
        )}
      </div>
    </>
  );
}

/** A question with one place for its answers: what it contains is asked below, once. */
function Single({ item, answers, onChange, level, asking }: ItemProps) {
  const { linkId, item: within = [] } = item;
  const value = answers[linkId];
  const [first] = elementsOf(answers, linkId);
  const hasOwn = severalOf(value).some((one) => typeof one === 'object' && 'items' in one);
  return (
    <>
      <Question
        item={item}
        choices={offered(item, asking.sets)}
        value={givenTo(answers, linkId)}
        fault={faultOf(item, value === undefined, asking) ?? unreadable(item, answers, asking)}
        refused={asking.refused}
        onChange={(given) => onChange(withGiven(answers, item, given))}
      />
      {within.length > 0 && first !== undefined && (
        <Below>
          {hasOwn ? (
            <QuestionList
              asking={asking}
              items={within}
              answers={first.items}
              level={levelIn(item, first, asking.sets, level)}
              onChange={(items) => onChange({ ...answers, [linkId]: { ...first, items } })}
            />
          ) : (
            <QuestionList asking={asking} items={within} answers={answers} level={level} onChange={onChange} />
          )}
        </Below>
      )}
    </>
  );
}

/** A question that repeats and contains others: each answer has its own. */
function Elements({ item, answers, onChange, level, asking }: ItemProps) {
  const { linkId, item: within = [] } = item;
  const choices = offered(item, asking.sets);
  const given = elementsOf(answers, linkId);
  const keep = (some: readonly AnswerWithItems[]): void => onChange({ ...answers, [linkId]: some });
  const withOwn = (one: Given): AnswerWithItems =>
    given.find(({ answer }) => JSON.stringify(answer) === JSON.stringify(one)) ?? elementFrom(one);
  return (
    <>
      <Question
        item={item}
        choices={choices}
        value={givenTo(answers, linkId)}
        fault={faultOf(item, given.length === 0, asking) ?? unreadable(item, answers, asking)}
        refused={asking.refused}
        onChange={(some) =>
          // Those that are picked come and go; a line that is written keeps its place.
          keep(choices ? some.map(withOwn) : some.map((answer, at) => elementFrom(answer, given[at]?.items)))
        }
      />
      {given.map((one, index) =>
        one.answer === '' ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer is known by its place
          <Below key={index} heading={givenText(exactAt(one, 'answer') as Given)}>
            <QuestionList
              asking={asking}
              items={within}
              answers={one.items}
              level={levelIn(item, one, asking.sets, level)}
              onChange={(items) => keep(given.map((other, at) => (at === index ? { ...other, items } : other)))}
            />
          </Below>
        ),
      )}
    </>
  );
}

function Below({ heading, children }: { readonly heading?: string; readonly children: React.ReactNode }) {
  return (
    <div className="ml-3 flex flex-col divide-y divide-line border-line-strong border-l-2 empty:hidden">
      {heading && <h5 className="px-3 py-1 font-medium text-ink-3 text-xs">{heading}</h5>}
      {children}
    </div>
  );
}

/** In a group that repeats, what is missing is missing where nothing is answered. */
function faultOf({ linkId }: QuestionnaireItem, empty: boolean, { faults }: Asking): string | undefined {
  const fault = faults.find((one) => one.linkId === linkId && (one.issue !== 'required' || empty));
  if (!fault) return undefined;
  if (fault.issue === 'required') return 'Answer this question.';
  return fault.takes === undefined ? fault.message : `This takes ${fault.takes}.`;
}

/** What is typed that is no answer of the question's type. */
function unreadable(item: QuestionnaireItem, answers: Answers, { sets }: Asking): string | undefined {
  const typed = elementsOf(answers, item.linkId).map(({ answer }) => answer);
  return typed.every((answer) => answer === '' || typedAnswer(item, answer, sets))
    ? undefined
    : `This takes ${taken(item)}.`;
}

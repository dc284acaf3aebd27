// A command that is done, in a line or two: what it says, not how it was written. Opened, it tells everything it holds.

import { isHeaded, phrasesOf, type Said, saidBy } from '@chartwire/sdk/internal/commands/words';
import { isAdult } from '@chartwire/sdk/internal/records/vital-bounds';
import { useLooking } from '../chart/opened.tsx';
import { Score } from '../chart/score.tsx';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Facts } from '../ui/page.tsx';
import { AnsweredQuestions } from './answered-questions.tsx';
import type { CommandView } from './command-doc.ts';
import { Remarks } from './remarks.tsx';
import { type Flag, flagOf } from './vital-ranges.ts';

/** Fields that say who or how, and are read only when one looks closer. */
const ASIDE = new Set(['prescriber', 'orderingProvider', 'givenBy', 'internalComment', 'startDate']);

export function CommandLine({ view, open }: { readonly view: CommandView; readonly open: boolean }) {
  const { stored } = view.saving;
  const said = saidBy(view.kind, stored.fields);
  const scored = (stored.scores?.length ?? 0) > 0;
  const phrases = phrasesOf(view.kind, stored.fields).filter(
    // How many answers there are says less than what they come to.
    ({ name }) => !ASIDE.has(name) && !(scored && name === 'answers'),
  );
  const answered = stored.made.find(({ type }) => type === 'QuestionnaireResponse');
  const adult = isAdult(useLooking().chart.patient.birthDate);
  const crossed = stored.state === 'entered-in-error';
  return (
    <div className="min-w-0 text-sm">
      <p className={classes('leading-snug', crossed && 'text-ink-3 line-through', !open && 'line-clamp-3')}>
        {phrases.map((one, index) => (
          <Phrase
            key={one.name}
            said={one}
            flag={adult ? flagOf(one.name, stored.fields) : undefined}
            first={index === 0}
            labelled={index > 0 || !isHeaded(view.kind)}
          />
        ))}
        {said.length === 0 && <span className="text-ink-3">Nothing is filled in.</span>}
      </p>
      {stored.scores?.map((score) => (
        <p key={score.interview} className="mt-0.5">
          <Score of={score} />
        </p>
      ))}
      {stored.results?.map(({ id, code, score, abnormal, narrative }) => (
        <p key={id} className="mt-0.5 text-sm">
          <Badge tone={abnormal ? 'warn' : 'ok'} className="mr-1.5">
            {[code?.display ?? 'Result', score].filter((part) => part !== null).join(': ')}
          </Badge>
          {narrative && <span className="text-ink-2">{narrative}</span>}
        </p>
      ))}
      <Remarks command={stored} />
      {open && (
        <div className="mt-2 rounded-md bg-sunken px-3 py-2">
          <Facts
            facts={said.flatMap(({ name, label, text }) =>
              name === 'answers' && answered ? [] : [[label, text] as const],
            )}
          />
          {answered && <AnsweredQuestions id={answered.id} />}
          {stored.made.length > 0 && (
            <p className="mt-2 text-ink-3 text-xs">
              In the chart: {stored.made.map(({ type, created }) => `${type}${created ? '' : ' (changed)'}`).join(', ')}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function Phrase({
  said: { label, text },
  flag,
  first,
  labelled,
}: {
  readonly said: Said;
  readonly flag: Flag | undefined;
  readonly first: boolean;
  readonly labelled: boolean;
}) {
  const tone = flag && (flag.critical ? 'font-medium text-danger-text' : 'font-medium text-warn-text');
  return (
    <>
      {!first && <span className="text-ink-3"> · </span>}
      {labelled && <span className="text-ink-3">{label} </span>}
      <span className={classes(first && 'font-medium', tone)}>
        {text}
        {flag && ` ${flag.text.toLowerCase()}`}
      </span>
    </>
  );
}

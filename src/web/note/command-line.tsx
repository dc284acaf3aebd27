// A command that is done, in a line or two: what it says, not how it was written. Opened, it tells everything it holds.

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Facts } from '../ui/page.tsx';
import { exactText } from '../ui/time.tsx';
import { type CommandView, pluginOf } from './command-doc.ts';
import { type Flag, flagOf, flagOfPressure } from './vital-ranges.ts';
import { isHeaded, phrasesOf, type Said, saidBy } from './words.ts';

/** Fields that say who or how, and are read only when one looks closer. */
const ASIDE = new Set(['prescriber', 'orderingProvider', 'givenBy', 'internalComment', 'startDate']);

export function CommandLine({ view, open }: { readonly view: CommandView; readonly open: boolean }) {
  const { stored } = view.saving;
  const said = saidBy(view.kind, stored.fields);
  const phrases = phrasesOf(view.kind, stored.fields).filter(({ name }) => !ASIDE.has(name));
  const crossed = stored.state === 'entered-in-error';
  return (
    <div className="min-w-0 text-sm">
      <p className={classes('leading-snug', crossed && 'text-ink-3 line-through', !open && 'line-clamp-3')}>
        {phrases.map((one, index) => (
          <Phrase
            key={one.name}
            said={one}
            flag={flagFor(one.name, stored.fields)}
            first={index === 0}
            labelled={index > 0 || !isHeaded(view.kind)}
          />
        ))}
        {said.length === 0 && <span className="text-ink-3">Nothing is filled in.</span>}
      </p>
      {stored.results?.map(({ id, code, score, abnormal, narrative }) => (
        <p key={id} className="mt-0.5 text-sm">
          <Badge tone={abnormal ? 'warn' : 'ok'} className="mr-1.5">
            {[code?.display ?? 'Result', score].filter((part) => part !== null).join(': ')}
          </Badge>
          {narrative && <span className="text-ink-2">{narrative}</span>}
        </p>
      ))}
      {stored.overrides.length > 0 && <Overrides view={view} />}
      {open && (
        <div className="mt-2 rounded-md bg-sunken px-3 py-2">
          <Facts facts={said.map(({ label, text }) => [label, text] as const)} />
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

function flagFor(name: string, fields: Readonly<Record<string, unknown>>): Flag | undefined {
  if (name === 'bloodPressure') return flagOfPressure(fields.bloodPressureSystole, fields.bloodPressureDiastole);
  return flagOf(name, fields[name]);
}

/** Checks that were overridden, with the reasons: shown for good. */
function Overrides({ view }: { readonly view: CommandView }) {
  const [all, setAll] = useState(false);
  const { overrides } = view.saving.stored;
  // A reason is kept again with each change it was given for; it is read once.
  const distinct = overrides.filter(
    ({ check, reason }, index) => overrides.findIndex((one) => one.check === check && one.reason === reason) === index,
  );
  return (
    <div className="mt-0.5 text-xs">
      <button
        type="button"
        aria-expanded={all}
        onClick={() => setAll(!all)}
        className="inline-flex min-h-6 items-center gap-1 text-warn-text"
      >
        <ChevronRight aria-hidden className={classes('size-3 transition-transform', all && 'rotate-90')} />
        {distinct.length === 1 ? 'Confirmed against a check' : `Confirmed against ${distinct.length} checks`}
      </button>
      {all &&
        distinct.map(({ check, message, reason, by, at }) => (
          <p key={`${check} ${reason}`} className="ml-4">
            <Badge tone="plugin" className="mr-1">
              {pluginOf(check)}
            </Badge>
            {message} <span className="text-ink-3">Because:</span> {reason}{' '}
            <span className="text-ink-3">
              {by.display}, {exactText(at)}
            </span>
          </p>
        ))}
    </div>
  );
}

// What a package asks for, in words: what is asked for anew stands out, what it no longer asks for is struck.

import { Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from '../ui/classes.ts';
import { Handlers } from './handlers.tsx';
import { receivedText, scopeText } from './scope-words.ts';
import type { Preview } from './shapes.ts';

export function PreviewOf({ preview }: { readonly preview: Preview }) {
  const { description, scopes, receives, network, variables, handlers, installed } = preview;
  const upgrade = installed !== null;
  return (
    <div className="flex flex-col gap-4">
      {description && <p className="text-sm">{description}</p>}
      <Asked title="Permissions" none="none" difference={scopes} upgrade={upgrade} wordsOf={scopeText} />
      <Asked
        title="Data it receives"
        none="no records"
        difference={receives}
        upgrade={upgrade}
        wordsOf={receivedText}
      />
      <Asked title="Network access" none="none" difference={network} upgrade={upgrade} />
      <Asked title="Variables" none="none" difference={variables} upgrade={upgrade} />
      <section>
        <Title>Responds to</Title>
        <Handlers handlers={handlers} />
      </section>
    </div>
  );
}

type Difference = Preview['scopes'];
const SHOWN = ['added', 'removed', 'kept'] as const;

function Asked({
  title,
  none,
  difference,
  upgrade,
  wordsOf,
}: {
  readonly title: string;
  readonly none: string;
  readonly difference: Difference;
  /** Else everything is new, and nothing of it stands out. */
  readonly upgrade: boolean;
  readonly wordsOf?: (one: string) => string;
}) {
  const all = SHOWN.flatMap((how) => difference[how].map((one) => ({ one, how: upgrade ? how : ('kept' as const) })));
  return (
    <section>
      <Title>{title}</Title>
      {all.length === 0 ? (
        <p className="text-ink-3 text-sm">{none}</p>
      ) : (
        <ul className="flex flex-col gap-0.5 text-sm">
          {all.map(({ one, how }) => (
            <li
              key={one}
              className={classes(
                'flex items-center gap-2 rounded-md px-2 py-1',
                how === 'added' && 'bg-warn-soft font-medium text-warn-text',
                how === 'removed' && 'text-ink-3',
              )}
            >
              {how === 'added' && <Plus aria-hidden className="size-3.5 shrink-0" />}
              {how === 'removed' && <Minus aria-hidden className="size-3.5 shrink-0" />}
              <span className={classes('min-w-0 flex-1', how === 'removed' && 'line-through')}>
                {how !== 'kept' && <span className="sr-only">{how === 'added' ? 'New: ' : 'No longer: '}</span>}
                {wordsOf ? wordsOf(one) : <span className="font-mono text-xs">{one}</span>}
              </span>
              {wordsOf && <span className="shrink-0 font-mono text-2xs">{one}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Title({ children }: { readonly children: ReactNode }) {
  return <h3 className="mb-1 font-semibold text-ink-3 text-xs">{children}</h3>;
}

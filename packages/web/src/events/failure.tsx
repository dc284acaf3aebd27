// Why something a plugin did failed: the words, the author's file and line, and the whole stack for whoever wants it.

import { visibleText } from '@chartwire/sdk/internal/kit/visible';
import { Disclosure } from '../ui/disclosure.tsx';
import type { Execution } from './shapes.ts';

type Cause = NonNullable<Execution['error']>;

export function Failure({ error: { code, message, stack } }: { readonly error: Cause }) {
  const place = stack && placeOf(stack);
  return (
    <div className="rounded-md border border-danger/40 bg-danger-soft px-3 py-2 text-sm">
      <p className="break-words font-medium text-danger-text">{visibleText(message)}</p>
      <p className="flex flex-wrap gap-x-3 font-mono text-2xs text-ink-2">
        {place && <span className="font-semibold">{place}</span>}
        <span>{code}</span>
      </p>
      {stack && (
        <Disclosure title="Stack">
          <pre className="overflow-x-auto font-mono text-2xs text-ink-2">{visibleText(stack)}</pre>
        </Disclosure>
      )}
    </div>
  );
}

/** `src/index.ts, line 12`: the first place in the stack that is the author's own. */
function placeOf(stack: string): string | undefined {
  const own = stack
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .map((line) => /(?:^|[\s(])((?:[\w@.-]+\/)*[\w.-]+\.m?[tj]s):(\d+)/.exec(line))
    .find((match) => match !== null);
  return own ? `${own[1]}, line ${own[2]}` : undefined;
}

// Lines that plugins wrote, with their time and level.

import { visibleText } from '@chartwire/sdk/internal/kit/visible';
import { classes } from '../ui/classes.ts';
import { tableOf } from '../table-of.ts';
import { there } from '../ui/zone.ts';

export interface ShownLine {
  readonly id: string;
  readonly at: string;
  readonly level: string;
  readonly message: string;
  readonly handler?: string | null;
}

const TONE: Readonly<Record<string, string>> = tableOf({
  warn: 'text-warn-text',
  error: 'text-danger-text',
  debug: 'text-ink-3',
});

const TIME = there({
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
});

/** `13:02:11.042` */
function preciseTime(at: string): string {
  return TIME.format(new Date(at));
}

export function LogLines({ lines }: { readonly lines: readonly ShownLine[] }) {
  return (
    <ol className="font-mono text-xs">
      {lines.map(({ id, at, level, message, handler }) => (
        <li key={id} className="flex gap-3 py-0.5">
          <time dateTime={at} className="shrink-0 text-ink-3" title={at}>
            {preciseTime(at)}
          </time>
          <span className={classes('w-10 shrink-0', TONE[level] ?? 'text-ink-2')}>{level}</span>
          {handler !== undefined && <span className="w-36 shrink-0 truncate text-plugin-text">{handler}</span>}
          <span className="min-w-0 flex-1 whitespace-pre-wrap break-words">{visibleText(message)}</span>
        </li>
      ))}
    </ol>
  );
}

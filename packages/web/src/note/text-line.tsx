// Free text between the commands of a note. `/` where a line of it is empty asks for a command; arrows at its ends go to
// what stands above and below.

import { type KeyboardEvent, memo, useEffect, useRef } from 'react';
import { classes } from '../ui/classes.ts';

export interface TextLineTo {
  edit(key: string, text: string): void;
  blur(): void;
  /** `/`: at this element; a command goes between the text before and after. */
  command(key: string, at: HTMLElement, before: string, after: string): void;
  /** The cursor goes over the end. */
  beyond(key: string, step: 1 | -1): void;
  /** Escape: the cursor goes to the whole of it. */
  leave(key: string): void;
  /** Backspace in an empty one. */
  drop(key: string): void;
}

export const TextLine = memo(function TextLine({
  lineKey,
  text,
  locked,
  last,
  only,
  goHere,
  to,
  onArrive,
}: {
  readonly lineKey: string;
  readonly text: string;
  readonly locked: boolean;
  readonly last: boolean;
  /** There is nothing else in the note yet. */
  readonly only: boolean;
  readonly goHere: boolean;
  readonly to: TextLineTo;
  readonly onArrive: () => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!goHere) return;
    area.current?.focus();
    onArrive();
  }, [goHere, onArrive]);
  if (locked) return text.trim() === '' ? null : <p className="whitespace-pre-wrap px-3 py-1.5 text-sm">{text}</p>;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { key, currentTarget, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (event.nativeEvent.isComposing || altKey || ctrlKey || metaKey) return;
    const { selectionStart: at, selectionEnd: end, value } = currentTarget;
    const emptyHere = at === end && /(^|\n)$/.test(value.slice(0, at)) && /^(\n|$)/.test(value.slice(at));
    if (key === '/' && emptyHere)
      to.command(lineKey, currentTarget, value.slice(0, at).trimEnd(), value.slice(at).trimStart());
    else if (key === 'ArrowUp' && !shiftKey && at === end && !value.slice(0, at).includes('\n')) to.beyond(lineKey, -1);
    else if (key === 'ArrowDown' && !shiftKey && at === end && !value.slice(at).includes('\n')) to.beyond(lineKey, 1);
    else if (key === 'Escape') to.leave(lineKey);
    else if (key === 'Backspace' && value === '' && !last) to.drop(lineKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <textarea
      ref={area}
      aria-label={last ? 'Write at the end of the note' : 'Text of the note'}
      value={text}
      maxLength={20_000}
      rows={1}
      placeholder={only ? 'Write, or type / for a command' : last ? '/ for a command, or write' : ''}
      onChange={({ target }) => to.edit(lineKey, target.value)}
      onBlur={() => to.blur()}
      onKeyDown={onKeyDown}
      className={classes(
        'field-sizing-content block w-full resize-none rounded-md bg-transparent px-3 py-1.5 text-sm leading-relaxed',
        'hover:bg-hover focus-visible:bg-surface focus-visible:outline-offset-0',
        last && 'min-h-9',
      )}
    />
  );
});

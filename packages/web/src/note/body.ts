// The lines of a note: text and commands, in the order of the page; what two people made of them, merged.

import type { NoteLine } from '@chartwire/sdk/internal/records/note';
import { same } from './same.ts';

export type Line =
  | { readonly key: string; readonly text: string }
  /** The key is the command's id. */
  | { readonly key: string; readonly command: string };

let made = 0;

export function textLine(text = ''): Line {
  return { key: `text-${++made}`, text };
}

export function isText(line: Line | undefined): line is Line & { readonly text: string } {
  return line !== undefined && 'text' in line;
}

/** As they are saved: without those in which nothing is written. */
export function bodyOf(lines: readonly Line[]): readonly NoteLine[] {
  return lines.flatMap((line): NoteLine[] => {
    if ('command' in line) return [{ command: line.command }];
    return line.text.trim() === '' ? [] : [{ text: line.text }];
  });
}

/** The lines of a body, with the keys they had, so that a line keeps its place on the screen and its cursor. The last is text. */
export function linesOf(body: readonly NoteLine[], before: readonly Line[] = []): readonly Line[] {
  const texts = before.filter(isText);
  const take = (fits: (text: string) => boolean): Line | undefined => {
    const at = texts.findIndex(({ text }) => fits(text));
    return at < 0 ? undefined : texts.splice(at, 1)[0];
  };
  const kept = body.map((line) => ('text' in line ? take((text) => text === line.text) : undefined));
  const lines = body.map((line, index): Line => {
    if ('command' in line) return { key: line.command, command: line.command };
    const known = kept[index] ?? take((text) => text.trim() !== '');
    return { key: known?.key ?? textLine().key, text: line.text };
  });
  return ended(withBlanks(lines, before));
}

/** One can always write below what is there. */
function ended(lines: readonly Line[]): readonly Line[] {
  return isText(lines.at(-1)) ? lines : [...lines, textLine()];
}

/** Lines in which nothing is written yet stay below what they were below. */
function withBlanks(lines: readonly Line[], before: readonly Line[]): readonly Line[] {
  const all = [...lines];
  for (const [index, line] of before.entries()) {
    if (!isText(line) || line.text.trim() !== '' || all.some(({ key }) => key === line.key)) continue;
    const above = before.slice(0, index).findLast(({ key }) => all.some((other) => other.key === key));
    all.splice(above ? all.findIndex(({ key }) => key === above.key) + 1 : 0, 0, line);
  }
  return all;
}

/** The lines with others below one of them; in its place where nothing is written in it. */
export function linesBelow(lines: readonly Line[], key: string | null, others: readonly Line[]): readonly Line[] {
  // What the server told already of a new one stands where it was put.
  const before = lines.filter((line) => !others.some((other) => other.key === line.key));
  const at = before.findIndex((line) => line.key === key);
  const here = before[at];
  const empty = isText(here) && here.text.trim() === '' && 'command' in (others[0] ?? {});
  return ended(before.toSpliced(empty ? at : at + 1, empty ? 1 : 0, ...others));
}

/** The lines with one of them a step up or down; the same where it cannot go there. */
export function moved(lines: readonly Line[], key: string, step: 1 | -1): readonly Line[] {
  const at = lines.findIndex((line) => line.key === key);
  const to = at + step;
  const line = lines[at];
  const last = lines.at(-1);
  // The last line is where one writes on: nothing goes below it while it is empty.
  const end = lines.length - (isText(last) && last.text.trim() === '' ? 2 : 1);
  return !line || to < 0 || to > end ? lines : lines.toSpliced(at, 1).toSpliced(to, 0, line);
}

/**
 * Mine, with what they put in and without what they took out. Commands are those of theirs, since the server has them; of
 * a text that both changed, both stay, one below the other.
 */
export function mergeBody(
  from: readonly NoteLine[],
  mine: readonly NoteLine[],
  theirs: readonly NoteLine[],
): readonly NoteLine[] {
  const within = (lines: readonly NoteLine[], line: NoteLine): boolean => lines.some((one) => same(one, line));
  const merged = mine.filter((line) => within(theirs, line) || ('text' in line && !within(from, line)));
  let at = 0;
  for (const line of theirs) {
    const found = merged.findIndex((one) => same(one, line));
    if (found >= 0) at = found + 1;
    else if ('command' in line || !within(from, line)) merged.splice(at++, 0, line);
  }
  return merged;
}

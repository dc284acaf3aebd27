// A note as it is looked at: what its components read.

import type { ChartName } from '@chartwire/client/internal/contract/chart-name';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import type { Problem } from '@chartwire/client/internal/client/index';
import { isText, type Line } from './body.ts';
import type { CommandDoc } from './command-doc.ts';
import type { StoredNote } from './note-saving.ts';
import type { View } from './saving.ts';

export type NoteWithCommands = NoteShape & {
  readonly commands: readonly CommandShape[];
  /** The chart that it was written in, where that was merged into this one. */
  readonly mergedFrom?: ChartName | null;
};

/** Where the cursor goes next; with `from`, only when it is at that line still, or nowhere since that line is gone. */
export interface GoTo {
  readonly key: string;
  readonly into: 'line' | 'fields';
  readonly from?: string;
}

export interface NoteView {
  readonly note: NoteShape;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly saving: View<StoredNote, Problem>;
  readonly commands: ReadonlyMap<string, CommandDoc>;
  /** Where the cursor goes next, once it is on the screen. */
  readonly goTo: GoTo | null;
}

/** In an empty note one writes at once. */
export function beginning({ state }: NoteShape, lines: readonly Line[]): NoteView['goTo'] {
  const [first, ...others] = lines;
  const empty = isText(first) && first.text === '' && others.length === 0;
  return state === 'open' && empty ? { key: first.key, into: 'line' } : null;
}

// What a format of code system files is: how a file of it begins, and how its lines become terms.

import type { TERM_FORMATS } from '@chartwire/client/internal/contract/terms';
import type { CodeSystem } from '../systems.ts';
import type { Term } from '../term.ts';

/** What a line gave: a term, or why it is none. `line` counts from 1; a fault never quotes the file. */
export type Read = { readonly line: number; readonly term: Term } | { readonly line: number; readonly fault: string };

export interface Reader {
  /** What is complete with this line: mostly itself, or nothing, when it is not for us. */
  line(text: string, line: number): readonly Read[];
  /** What the end of the file completes. */
  end(): readonly Read[];
}

export interface Format {
  readonly name: (typeof TERM_FORMATS)[number];
  readonly label: string;
  /** Names of the code systems that have files of it; none for a format of any code system. */
  readonly systems: readonly string[];
  /** How a file of it looks, for who sent another. */
  readonly looks: string;
  /** Whether a file that begins with this line may be one. */
  fits(firstLine: string): boolean;
  reader(system: CodeSystem): Reader;
}

export const NOTHING: readonly Read[] = [];

/** A reader for independent lines. */
export function lineReader(read: (text: string, line: number) => Read | undefined): Reader {
  return {
    line: (text, line) => {
      const one = read(text, line);
      return one ? [one] : NOTHING;
    },
    end: () => NOTHING,
  };
}

/** Characters of what a term says. */
const LONGEST_TEXT = 8_000;

/** A term in its code system's notation, or what is wrong with it. */
export function termOf(system: CodeSystem, line: number, term: Term): Read {
  const code = system.official?.(term.code) ?? term.code;
  if (code === '') return { line, fault: 'it has no code' };
  if (!system.code.test(code)) return { line, fault: `its code is not one of ${system.label}` };
  if (term.display === '') return { line, fault: 'it has no text' };
  if (term.display.length + (term.also?.length ?? 0) > LONGEST_TEXT) return { line, fault: 'its text is too long' };
  return { line, term: { ...term, code } };
}

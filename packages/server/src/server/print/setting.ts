// What a printout needs from its surroundings: kinds of commands, the practice's time zone, who prints, and when.

import type { CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import { momentText } from './moment.ts';

export interface PrintSetting {
  /** By their keys. */
  readonly kinds: ReadonlyMap<string, CommandKind>;
  readonly timeZone: string;
  /** Who prints, and when. */
  readonly by: string;
  readonly at: string;
}

export function whoText({ display, id }: { readonly display?: string; readonly id: string }): string {
  return display ?? id;
}

export function footOf(what: string, { by, at, timeZone }: PrintSetting): string {
  return `${what}. Printed by ${by}, ${momentText(at, timeZone)}.`;
}

// What the control of a field is given.

import type { FieldKind } from '@chartwire/sdk/internal/commands/control';
import type { Tied } from '../ui/field.tsx';
import type { CommandDoc } from './command-doc.ts';

/** What a control is given: the value, and whom to tell. */
export interface ControlProps {
  readonly tied: Tied;
  readonly doc: CommandDoc;
  readonly name: string;
  readonly field: FieldKind;
  readonly value: unknown;
  readonly placeholder?: string | undefined;
}

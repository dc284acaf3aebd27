// What the form of a command is given.

import type { CommandDoc, CommandView } from './command-doc.ts';

export interface FormProps {
  readonly doc: CommandDoc;
  readonly view: CommandView;
}

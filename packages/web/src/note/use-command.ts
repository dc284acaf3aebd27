// A command's view in a component: it is drawn again when that command changes, and not for others.

import { useSyncExternalStore } from 'react';
import type { CommandDoc, CommandView } from './command-doc.ts';

export function useCommand(doc: CommandDoc): CommandView {
  return useSyncExternalStore(doc.watch, () => doc.view);
}

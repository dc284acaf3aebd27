// The chart that is looked at, and which of its records is open at the side: for every section of it.

import { createContext, useContext } from 'react';
import type { Chart } from './chart-data.ts';
import type { Beginning } from './new-note.ts';

/** `Condition` and its id. */
export interface Opened {
  readonly type: string;
  readonly id: string;
}

interface Looking {
  readonly chart: Chart;
  /** Opens a record at the side. */
  open(record: Opened): void;
  /** The note that is open at the right. */
  readonly note: string | undefined;
  openNote(note: string): void;
  /**
   * Enters commands into the open note, or a new one, and opens it. The chart writes them, not the button: a button such as
   * "No known allergies" disappears with the record it makes, which may be before the answer arrives.
   */
  beginCommands(beginning: Beginning): void;
  /** What such a button is entering now. */
  readonly beginning: Beginning | undefined;
  /** Opens the trend of an observation's code. */
  openTrend(code: string): void;
}

const Look = createContext<Looking | null>(null);
export const LookedAt = Look.Provider;

export function useLooking(): Looking {
  const looking = useContext(Look);
  if (!looking) throw new Error('useLooking is used outside a chart');
  return looking;
}
